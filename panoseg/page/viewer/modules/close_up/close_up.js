/**
 * Looking closer than the picture that the page was sent: photo and id map at full size, tile by tile.
 *
 * Three canvases of the board's size lie over those of the whole picture. Where a tile has not come yet, the whole
 * picture shows. While a threshold is moved the map is made here, at the size of the whole picture: then the masks
 * are that one's, until the server's exact map has tiles again.
 *
 * @import { Needs } from "../drawing.js"
 * @import { PhotoPayload } from "../inbox.js"
 * @import { SegmentMap } from "../state.js"
 * @import { Viewer } from "../viewer.js"
 * @import { Frame, Place, Room } from "./pyramid.js"
 * @import { MaskTile } from "./mask_tile.js"
 *
 * @typedef {ReturnType<typeof createCloseUp>} CloseUp
 */

import { element } from "../dom.js";
import { tables } from "../palette.js";
import { currentMap } from "../state.js";
import { createMaskTile, edgePath, hoverPath, paintedTile } from "./mask_tile.js";
import { frameOf, levelOf, placesOn, SIDE, sizeOf } from "./pyramid.js";
import { fetchPacked, fetchPicture } from "./server.js";
import { createTileStore } from "./tile_store.js";

const NOWHERE = { frame: { left: 0, top: 0, scale: 0 }, room: { width: 0, height: 0 } };
const HALO = "rgb(10 12 20 / 75%)";

/** @param {() => void} onLoad a tile has come: draw again */
export function createCloseUp(onLoad) {
  const canvas = () => element("canvas", "close-up");
  return {
    photo: canvas(),
    masks: canvas(),
    light: canvas(),
    /** Where the server answers for this visitor. */
    folder: "",
    photos: createTileStore(fetchPicture, onLoad, (tile) => tile.close()),
    ids: createTileStore(fetchMaskTile, onLoad),
    /** @type {ReturnType<typeof tables> | null} what to paint for each id, for all tiles alike */
    tables: null,
    turn: 0,
  };
}

/**
 * The address carries the size: what a zlib stream holds says nothing of it.
 *
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function fetchMaskTile(address, signal) {
  const { searchParams } = new URL(address);
  const [bytes, columns, rows, width, height] = (searchParams.get("size") ?? "").split("-").map(Number);
  const buffer = await fetchPacked(address, signal);
  if (!buffer) return null;
  const ids = bytes === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return createMaskTile({ ids, columns, rows, width, height });
}

/**
 * @param {Viewer} viewer
 * @param {Needs} needs
 */
export function drawCloseUp(viewer, needs) {
  const { state, kept, parts, closeUp } = viewer;
  const { canvases } = parts;
  if (!state.photo) return;
  if (needs("masks")) closeUp.tables = null;
  // The whole picture is what the page was sent, however large the screen; asking how large that is would have
  // the browser lay out the page.
  const sent = kept.view.zoom <= 1 || state.photo.full[1] <= state.photo.width;
  const { frame, room } = sent ? NOWHERE : measure(viewer, state.photo);
  const level = sent ? null : levelOf(frame, state.photo);
  const map = currentMap(state);
  const isExact = map !== null && !map.merged;
  const places = level === null ? [] : placesOn(frame, state.photo, room, level);
  closeUp.photos.want(places.map((place) => photoAddress(viewer, place, frame)));
  closeUp.ids.want(isExact ? places.map((place) => idAddress(viewer, map, place)) : []);
  closeUp.photo.hidden = level === null;
  if (level !== null) drawPhoto(viewer, places, frame, room);
  const doubt = state.doubt && state.doubt.photo === map?.photo;
  const lent = !canvases.lent.hidden; // the second picture's segments, of which there are no tiles here
  const masks = level !== null && isExact && !doubt && !lent;
  closeUp.masks.hidden = closeUp.light.hidden = !masks;
  canvases.masks.style.visibility = masks || lent ? "hidden" : "";
  const striped = state.nearMiss && state.nearMiss.photo === map?.photo;
  canvases.light.style.visibility = masks && !striped ? "hidden" : "";
  if (masks) {
    drawMasks(viewer, map, places, frame, room);
    drawLight(viewer, map, places, frame, room);
  }
  describe(viewer, map, places, frame, masks);
}

/**
 * Where the photo lies on the board, and how large that is, in pixels of the screen.
 *
 * @param {Viewer} viewer
 * @param {PhotoPayload} photo
 */
function measure({ kept, parts, closeUp }, photo) {
  const { stage, board } = parts;
  // Where the stage begins and ends is no whole number, and half a pixel of it is many at 800 %.
  const [own, around] = [stage.getBoundingClientRect(), board.getBoundingClientRect()];
  const [left, top] = [own.left - around.left, own.top - around.top];
  const [width, height] = [board.clientWidth, board.clientHeight];
  for (const canvas of [closeUp.photo, closeUp.masks, closeUp.light]) {
    // The stage is what they are placed on, and the board reaches beyond it.
    const style = { left: -left, top: -top, width, height };
    for (const [name, value] of Object.entries(style)) canvas.style.setProperty(name, `${value}px`);
  }
  const ratio = devicePixelRatio;
  const size = { width: own.width * ratio, height: own.height * ratio };
  const frame = frameOf(kept.view, photo, size);
  return {
    frame: { ...frame, left: frame.left + left * ratio, top: frame.top + top * ratio },
    room: { width: Math.round(width * ratio), height: Math.round(height * ratio) },
  };
}

/**
 * What is on screen, for tests and benchmarks to read: the level, of what all tiles are there, and of the photo how
 * many.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap | null} map
 * @param {Place[]} places
 * @param {Frame} frame
 * @param {boolean} masks
 */
function describe(viewer, map, places, frame, masks) {
  const { photos, ids } = viewer.closeUp;
  const { dataset } = viewer.parts.host;
  const addresses = places.map((place) => photoAddress(viewer, place, frame));
  const photo = photos.has(addresses) ? " photo" : "";
  const exact = masks && map && ids.has(places.map((place) => idAddress(viewer, map, place))) ? " masks" : "";
  dataset.tilesThere = String(addresses.filter((address) => photos.get(address)).length);
  dataset.tiles = places.length ? `${places[0].level}${photo}${exact}` : "";
}

/**
 * The id of the segment at a pixel of the photo where that is known exactly, or null.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {{ x: number, y: number }} pixel of the photo
 */
export function exactIdAt(viewer, map, { x, y }) {
  if (map.merged || !viewer.state.photo) return null;
  const place = { level: 0, column: Math.floor(x / SIDE), row: Math.floor(y / SIDE) };
  const tile = viewer.closeUp.ids.get(idAddress(viewer, map, place));
  return tile ? tile.ids[(y - SIDE * place.row) * tile.columns + x - SIDE * place.column] : null;
}

/**
 * A pixel that is as large as one of the screen, or larger, comes as it is in the photo.
 *
 * @param {Viewer} viewer
 * @param {Place} place
 * @param {Frame} frame
 */
function photoAddress({ state, closeUp }, { level, column, row }, { scale }) {
  const kind = scale >= 1 ? "png" : "jpg";
  return addressOf(closeUp, `photo/${state.photo?.key}/${level}/${column}-${row}.${kind}`);
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Place} place
 */
function idAddress({ state, closeUp }, map, place) {
  if (!state.photo) return "";
  const all = sizeOf(place, state.photo, 1);
  const own = sizeOf(place, state.photo);
  const size = [map.bytes_per_id, all.width, all.height, own.width, own.height].join("-");
  const { level, column, row } = place;
  return addressOf(closeUp, `ids/${map.name}/${level}/${column}-${row}?size=${size}`);
}

/**
 * @param {{ folder: string }} closeUp
 * @param {string} path
 */
export function addressOf({ folder }, path) {
  return new URL(`${folder}/${path}`, document.baseURI).href;
}

/**
 * @param {Viewer} viewer
 * @param {Place[]} places
 * @param {Frame} frame
 * @param {Room} room
 */
function drawPhoto(viewer, places, frame, room) {
  const { closeUp, state } = viewer;
  const context = blank(closeUp.photo, room);
  if (!context || !state.photo) return;
  context.imageSmoothingEnabled = frame.scale < 1;
  for (const place of places) {
    const tile = closeUp.photos.get(photoAddress(viewer, place, frame));
    if (!tile) continue;
    const [x, y, width, height] = boxOf(place, frame, tile);
    context.drawImage(tile, x, y, width, height);
  }
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Place[]} places
 * @param {Frame} frame
 * @param {Room} room
 */
function drawMasks(viewer, map, places, frame, room) {
  const { closeUp, kept, rules, parts, state } = viewer;
  const context = blank(closeUp.masks, room);
  if (!context || !state.photo) return;
  if (!closeUp.tables) {
    closeUp.tables = tables(map.segments, kept.look, rules);
    closeUp.turn++;
  }
  const { style } = kept.look;
  const reduced = state.photo.full[1] / map.width;
  context.imageSmoothingEnabled = false;
  for (const place of places) {
    const tile = closeUp.ids.get(idAddress(viewer, map, place));
    const size = sizeOf(place, state.photo);
    const [x, y, width, height] = boxOf(place, frame, size);
    if (tile) {
      const painted = paintedTile(tile, closeUp.tables, style.cutout, closeUp.turn);
      context.drawImage(painted, x, y, width, height);
    } else {
      const part = 2 ** place.level / reduced;
      const from = [SIDE * place.column * part, SIDE * place.row * part];
      const [sourceWidth, sourceHeight] = [size.width * part, size.height * part];
      context.drawImage(
        parts.canvases.masks,
        from[0],
        from[1],
        sourceWidth,
        sourceHeight,
        x,
        y,
        width,
        height,
      );
    }
  }
  if (!style.outlines) return;
  const { shown } = closeUp.tables;
  const color = `rgb(${rules.outline.join(" ")})`;
  eachTile(viewer, map, places, frame, context, (tile, size) => {
    strokePath(context, edgePath(tile, shown, closeUp.turn), color, style.outline_width / size);
  });
}

/**
 * The outline of the segment that is pointed at, along its pixels.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Place[]} places
 * @param {Frame} frame
 * @param {Room} room
 */
function drawLight(viewer, map, places, frame, room) {
  const context = blank(viewer.closeUp.light, room);
  const { hovered } = viewer.state;
  if (!context || !hovered) return;
  for (const [color, pixels] of /** @type {[string, number][]} */ ([
    [HALO, 4],
    ["#fff", 2],
  ])) {
    eachTile(viewer, map, places, frame, context, (tile, size) => {
      strokePath(context, hoverPath(tile, hovered), color, pixels / size);
    });
  }
}

/**
 * Draw something over each tile that is there, in its own pixels; `size` is that of one, in the page's.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Place[]} places
 * @param {Frame} frame
 * @param {CanvasRenderingContext2D} context
 * @param {(tile: MaskTile, size: number) => void} draw
 */
function eachTile(viewer, map, places, frame, context, draw) {
  for (const place of places) {
    const tile = viewer.closeUp.ids.get(idAddress(viewer, map, place));
    if (!tile) continue;
    const [x, y, width, height] = boxOf(place, frame, tile);
    context.setTransform(width / tile.width, 0, 0, height / tile.height, x, y);
    draw(tile, width / tile.width / devicePixelRatio);
  }
  context.resetTransform();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {string} color
 * @param {number} width
 */
function strokePath(context, path, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineCap = "square";
  context.stroke(path);
}

/**
 * Where a tile lies on the stage, in whole pixels of the screen: tiles meet without a seam.
 *
 * @param {Place} place
 * @param {Frame} frame
 * @param {{ width: number, height: number }} size
 */
function boxOf({ level, column, row }, { left, top, scale }, { width, height }) {
  const pixel = scale * 2 ** level;
  const [x, y] = [Math.round(left + column * SIDE * pixel), Math.round(top + row * SIDE * pixel)];
  const right = Math.round(left + (column * SIDE + width) * pixel);
  const bottom = Math.round(top + (row * SIDE + height) * pixel);
  return [x, y, right - x, bottom - y];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Room} room
 */
function blank(canvas, { width, height }) {
  const context = canvas.getContext("2d");
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  } else {
    context?.clearRect(0, 0, width, height);
  }
  return context;
}
