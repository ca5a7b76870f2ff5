/**
 * Files that the visitor drops anywhere, pastes or chooses go into the page's own box for files, which sends them.
 */

// The container in which panoseg/page/picture_picker.py puts the box.
const BOX = ".st-key-open input[type=file]";

/**
 * @param {File[]} files
 * @returns {boolean} whether there was a box to take them
 */
export function sendFiles(files) {
  const box = document.querySelector(BOX);
  if (!(box instanceof HTMLInputElement) || !files.length) return false;
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  box.files = transfer.files;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

/**
 * Watch the whole page for files; returns how to stop.
 *
 * @param {(files: File[]) => void} take
 * @param {(over: boolean) => void} hover files are held over the page, or no longer
 */
export function watchFiles(take, hover) {
  const watching = new AbortController();
  const options = { capture: true, signal: watching.signal };
  let depth = 0;
  /** @param {DragEvent} event */
  const holdsFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
  document.addEventListener(
    "dragenter",
    (event) => {
      if (!holdsFiles(event)) return;
      depth++;
      hover(true);
    },
    options,
  );
  document.addEventListener(
    "dragleave",
    (event) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (!depth) hover(false);
    },
    options,
  );
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), options);
  document.addEventListener(
    "drop",
    (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      depth = 0;
      hover(false);
      if (!files.length) return;
      event.preventDefault();
      event.stopPropagation();
      take(files);
    },
    options,
  );
  document.addEventListener(
    "paste",
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      take(files);
    },
    options,
  );
  return () => watching.abort();
}
