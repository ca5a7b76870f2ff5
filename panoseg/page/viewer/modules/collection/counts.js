/**
 * How many there are, in words: “1 picture”, “5,000 pictures”. Pure, so that Node can test it.
 *
 * @param {number} count
 * @param {string} noun of one
 */
export function countOf(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
