// The objects that Rust knows by number. A number is the same as long as its object lives, but it leads back to the
// object only during one call into Rust, unless Rust keeps it: so nothing that has left the page is held in memory.

const numbers = new WeakMap();
const objects = new Map();
const kept = new Map();
let last = 0;

/** The number of an object; 0 for nothing. */
export const put = (object) => {
  if (!object) return 0;
  let number = numbers.get(object);
  if (!number) numbers.set(object, (number = ++last));
  objects.set(number, object);
  return number;
};

/** The object with this number. */
export const at = (number) => objects.get(number) ?? kept.get(number)?.deref();

/** Lets a number lead to its object after this call too, as long as something else holds the object. */
export const keep = (number) => {
  for (const [old, ref] of kept) if (!ref.deref()) kept.delete(old);
  if (at(number)) kept.set(number, new WeakRef(at(number)));
};

/** A call into Rust is over. */
export const clear = () => objects.clear();
