export function nameRun(): void;
export function runFolder(): string;
