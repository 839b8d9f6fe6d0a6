/**
 * CPU time that some work takes in this process, in ms, the least of five times: what other processes do meanwhile does
 * not count, and a pause of the collector counts once.
 */
export const cpuTime = (work: () => void): number => {
  const once = (): number => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(...Array.from({ length: 5 }, once));
};
