/**
 * In what look a map is to be painted. It travels with the thresholds, so that the worker can paint the masks, too:
 * what it has painted, the page puts on the screen in a tenth of the time.
 *
 * @import { Rules } from "../inbox.js"
 * @import { Look } from "../look.js"
 *
 * @typedef {object} Coat
 * @property {Pick<Look, "hidden" | "selected" | "style">} look
 * @property {Pick<Rules, "dimmed" | "lit" | "outline">} rules
 */

/**
 * The coat of a look; null where its colours are not the worker's to know.
 *
 * @param {Coat["look"]} look
 * @param {Rules} rules
 * @returns {Coat | null}
 */
export function coatOf({ hidden, selected, style }, { dimmed, lit, outline }) {
  if (style.color_by === "outcome" || style.doubt) return null;
  return { look: { hidden, selected, style }, rules: { dimmed, lit, outline } };
}

/**
 * Whether nothing of the look has changed since: its parts are replaced, never changed.
 *
 * @param {Coat | null} coat
 * @param {Coat["look"]} look
 */
export function isOfLook(coat, { hidden, selected, style }) {
  return coat?.look.hidden === hidden && coat.look.selected === selected && coat.look.style === style;
}

/**
 * Whether two coats are of one look, by the same rules.
 *
 * @param {Coat | null} one
 * @param {Coat | null} other
 */
export function isSameCoat(one, other) {
  if (!one || !other) return one === other;
  const { dimmed, lit, outline } = one.rules;
  const isOfRules =
    dimmed === other.rules.dimmed && lit === other.rules.lit && outline === other.rules.outline;
  return isOfRules && isOfLook(other, one.look);
}
