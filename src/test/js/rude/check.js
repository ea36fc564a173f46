/** Assertions that hold in a browser and in Node alike. */

export function equal(actual, expected, what = '') {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what} is ${is}, should be ${should}`.trim());
}

export function ok(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

/** The error that a promise fails with. */
export async function failure(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`it did not fail, it gave ${JSON.stringify(value)}`);
}

/** Resolves when an event comes that is what the caller waits for. */
export function event(target, type, isIt = () => true) {
  return new Promise((resolve) => {
    const listener = (it) => {
      if (!isIt(it)) return;
      target.removeEventListener(type, listener);
      resolve(it);
    };
    target.addEventListener(type, listener);
  });
}

/** As `promise`, or a failure that says what was awaited when it takes longer than any busy machine should. */
export function soon(promise, what, ms = 120_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Takes records from an iterator until there are `count`. */
export async function take(subscription, count) {
  const records = [];
  while (records.length < count) {
    const {value, done} = await subscription.next();
    if (done) throw new Error(`ended after ${records.length} of ${count} records`);
    records.push(value);
  }
  return records;
}
