// How numbers are made: runs that take turns, and of each the best. What else the machine does only ever adds to a run.

/** The value below which that share of the values lies. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Prints a measurement for `cargo xtask bench`. */
export function tell(name, value, unit) {
  console.log(`${name} ${value.toFixed(3)} ${unit}`);
}

/** Microseconds of one run of each function. */
export function takeTurns(functions, { rounds, runs }) {
  const best = functions.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, run] of functions.entries()) {
      const begun = performance.now();
      for (let count = 0; count < runs; count += 1) run();
      best[index] = Math.min(best[index], ((performance.now() - begun) * 1000) / runs);
    }
  }
  return best;
}
