/** How much each of many may do: so much at once, and so much a second from then on. */
export interface Budgets {
  /** Spends one. @returns whether it was there */
  spend(who: string): boolean;
}

export interface BudgetLimits {
  readonly burst: number;
  readonly per_second: number;
}

/** Beyond it the one is forgotten that came longest ago: its budget would be nearly full again. */
const mostKept = 20_000;

export const createBudgets = ({ burst, per_second: perSecond }: BudgetLimits): Budgets => {
  const kept = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    spend(who) {
      const now = Date.now();
      const known = kept.get(who);
      const left = known ? Math.min(burst, known.left + (Math.max(0, now - known.at) / 1000) * perSecond) : burst;
      kept.delete(who);
      kept.set(who, { left: left >= 1 ? left - 1 : left, at: now });
      if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
      return left >= 1;
    },
  };
};
