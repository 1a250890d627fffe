import fc from "fast-check";

/** `npm test` repeats itself: it gives the properties the same seed each time. Alone they look elsewhere at each run. */
const seed = process.env["TEST_SEED"];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
