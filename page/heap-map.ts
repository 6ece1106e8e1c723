/** The heap in time: a canvas that can be zoomed, and looked at block by block with a pointer or with the keyboard. */
import { blockColours, type BlockColours, type Coloring } from "./block-colours.js";
import { count, element, hex } from "./elements.js";
import { raster, type Window } from "./raster.js";
import { colour, colourText } from "./theme.js";
import { blockAt, describeOperation, type Workload } from "./workload.js";

export interface MapHost {
  readonly heapBytes: number;
  readonly firstBlock: number;
  /** What is shown has changed. */
  readonly onWindow: (window: Window) => void;
  /** The cursor is at an operation. */
  readonly onCursor: (operation: number) => void;
}

/** Least operations and bytes that a window shows. */
const leastSpan = { operations: 8, bytes: 64 };

export class HeapMap {
  readonly canvas = element("canvas", {
    class: "map",
    tabindex: "0",
    role: "application",
    "aria-label":
      "Heap map. Arrow keys move the cursor, with Shift faster; plus and minus zoom in time, with Alt in addresses; Page Up and Page Down move in time; 0 shows all.",
  });
  readonly told = element("output", { class: "told", "aria-live": "polite" });
  /** What the sides of the map are: addresses beside it, operations below. */
  readonly addresses = element("div", { class: "addresses" });
  readonly operations = element("div", { class: "operations" });
  #workload: Workload | undefined;
  #colours: BlockColours | undefined;
  #window: Window = { left: 0, right: 1, low: 0, high: 1 };
  #cursor = { operation: 0, address: 0 };
  #image: ImageData | undefined;
  #height = 320;

  constructor(private readonly host: MapHost) {
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.#hold(event));
    this.canvas.addEventListener("dblclick", (event) => this.zoom(event.shiftKey ? 2 : 0.5, "time"));
    this.canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get legend(): BlockColours["legend"] {
    return this.#colours?.legend ?? { swatches: [] };
  }

  show(workload: Workload, coloring: Coloring): void {
    const isOther = workload !== this.#workload;
    this.#workload = workload;
    this.#colours = blockColours(workload, coloring);
    if (isOther) {
      this.#cursor = { operation: 0, address: this.host.firstBlock };
      this.all();
    } else this.#draw();
  }

  all(): void {
    const { heapBytes } = this.host;
    this.#look({ left: 0, right: Math.max(1, this.#workload?.operations ?? 1), low: 0, high: heapBytes });
  }

  /** @param factor below 1 to see less, more closely */
  zoom(factor: number, direction: "time" | "addresses"): void {
    const { left, right, low, high } = this.#window;
    const { operation, address } = this.#cursor;
    const isIn = operation >= left && operation < right && address >= low && address < high;
    const time = isIn ? operation : (left + right) / 2;
    const place = isIn ? address : (low + high) / 2;
    if (direction === "time")
      this.#look({
        ...this.#window,
        left: time - (time - left) * factor,
        right: time + (right - time) * factor,
      });
    else
      this.#look({
        ...this.#window,
        low: place - (place - low) * factor,
        high: place + (high - place) * factor,
      });
  }

  resize(width: number): void {
    this.#height = width < 600 ? 240 : 320;
    this.canvas.width = width;
    this.canvas.height = this.#height;
    this.#draw();
  }

  redraw(coloring: Coloring): void {
    if (this.#workload === undefined) return;
    this.#colours = blockColours(this.#workload, coloring);
    this.#draw();
  }

  /** Within the workload and the heap, and no closer than what can be seen. */
  #look(wanted: Window): void {
    const operations = this.#workload?.operations ?? 1;
    const { heapBytes } = this.host;
    const across = fitted(wanted.left, wanted.right, operations, leastSpan.operations);
    const up = fitted(wanted.low, wanted.high, heapBytes, leastSpan.bytes);
    this.#window = { left: across.from, right: across.to, low: up.from, high: up.to };
    this.host.onWindow(this.#window);
    const { left, right, low, high } = this.#window;
    this.addresses.replaceChildren(element("span", {}, hex(high)), element("span", {}, hex(low)));
    this.operations.replaceChildren(
      element("span", {}, `operation ${count(Math.floor(left))}`),
      element("span", {}, count(Math.ceil(right))),
    );
    this.#draw();
  }

  #move(operations: number, bytes: number): void {
    const { left, right, low, high } = this.#window;
    this.#look({ left: left + operations, right: right + operations, low: low + bytes, high: high + bytes });
  }

  #draw(): void {
    const { width, height } = this.canvas;
    const workload = this.#workload;
    if (workload === undefined || this.#colours === undefined || width < 2) return;
    const { colours } = this.#colours;
    const background = colour("free");
    this.#image = raster({ workload, window: this.#window, width, height, background, colours });
    this.#paint();
  }

  /** The picture that is known, with control data and cursor over it. */
  #paint(): void {
    const context = this.canvas.getContext("2d");
    if (context === null || this.#image === undefined) return;
    const { width, height } = this.canvas;
    context.putImageData(this.#image, 0, 0);
    const { low, high, left, right } = this.#window;
    const top = this.#y(this.host.firstBlock);
    if (top < height) {
      context.fillStyle = colourText("control");
      context.fillRect(0, Math.max(0, top), width, height - Math.max(0, top));
    }
    context.fillStyle = colourText("bad");
    for (const operation of this.#workload?.failed ?? []) {
      if (operation >= left && operation < right) context.fillRect(this.#x(operation), 0, 1, 5);
    }
    const { operation, address } = this.#cursor;
    if (operation < left || operation > right || address < low || address > high) return;
    context.fillStyle = colourText("cursor");
    context.fillRect(Math.floor(this.#x(operation + 0.5)), 0, 1, height);
    context.fillRect(0, Math.floor(this.#y(address)), width, 1);
  }

  #x(operation: number): number {
    const { left, right } = this.#window;
    return ((operation - left) / (right - left)) * this.canvas.width;
  }

  #y(address: number): number {
    const { low, high } = this.#window;
    return ((high - address) / (high - low)) * this.canvas.height;
  }

  #place(operation: number, address: number): void {
    const workload = this.#workload;
    if (workload === undefined) return;
    const time = Math.max(0, Math.min(workload.operations - 1, Math.floor(operation)));
    const place = Math.max(0, Math.min(this.host.heapBytes - 1, Math.floor(address)));
    this.#cursor = { operation: time, address: place };
    this.told.textContent = this.#about(workload, time, place);
    this.host.onCursor(time);
    this.#paint();
  }

  #about(workload: Workload, operation: number, address: number): string {
    const block = blockAt(workload, operation, address);
    const call = `Operation ${count(operation)} ${describeOperation(workload, operation)}.`;
    if (block === undefined) {
      const what = address < this.host.firstBlock ? "control data" : "free, header or padding";
      return `${call} At ${hex(address)}: ${what}.`;
    }
    const [from, to] = [workload.from[block] ?? 0, workload.to[block] ?? 0];
    const end = to >= workload.operations ? "the end" : `operation ${count(to)}`;
    return `${call} At ${hex(address)}: block of ${count(workload.bytes[block] ?? 0)} bytes at ${hex(workload.offset[block] ?? 0)}, from operation ${count(from)} to ${end} (${count(to - from)} operations).`;
  }

  #point(event: PointerEvent): void {
    const { left, right, low, high } = this.#window;
    const box = this.canvas.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const up = (event.clientY - box.top) / box.height;
    this.#place(left + across * (right - left), high - up * (high - low));
  }

  /** What is held moves with the pointer. */
  #hold(event: PointerEvent): void {
    const box = this.canvas.getBoundingClientRect();
    const begun = { x: event.clientX, y: event.clientY, ...this.#window };
    const move = (moved: PointerEvent): void => {
      const across = ((moved.clientX - begun.x) / box.width) * (begun.right - begun.left);
      const up = ((moved.clientY - begun.y) / box.height) * (begun.high - begun.low);
      this.#look({
        left: begun.left - across,
        right: begun.right - across,
        low: begun.low + up,
        high: begun.high + up,
      });
    };
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"])
      this.canvas.addEventListener(end, () => this.canvas.removeEventListener("pointermove", move), {
        once: true,
      });
  }

  /** The page is scrolled where the map has no focus. */
  #wheel(event: WheelEvent): void {
    if (document.activeElement !== this.canvas && !event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? 1.25 : 0.8, event.shiftKey || event.altKey ? "addresses" : "time");
  }

  #key(event: KeyboardEvent): void {
    const { left, right, low, high } = this.#window;
    const far = event.shiftKey ? 20 : 2;
    const across = Math.max(1, (far * (right - left)) / this.canvas.width);
    const up = Math.max(1, (far * (high - low)) / this.#height);
    const direction = event.altKey ? "addresses" : "time";
    const { operation, address } = this.#cursor;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#step(operation - across, address),
      ArrowRight: () => this.#step(operation + across, address),
      ArrowUp: () => this.#step(operation, address + up),
      ArrowDown: () => this.#step(operation, address - up),
      PageUp: () => this.#move((left - right) / 2, 0),
      PageDown: () => this.#move((right - left) / 2, 0),
      Home: () => this.#step(0, address),
      End: () => this.#step((this.#workload?.operations ?? 1) - 1, address),
      "+": () => this.zoom(0.5, direction),
      "=": () => this.zoom(0.5, direction),
      "-": () => this.zoom(2, direction),
      "0": () => this.all(),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  /** The window follows the cursor. */
  #step(operation: number, address: number): void {
    this.#place(operation, address);
    const { operation: time, address: place } = this.#cursor;
    const { left, right, low, high } = this.#window;
    const across = time < left ? time - left : Math.max(0, time + 1 - right);
    const up = place < low ? place - low : Math.max(0, place + 1 - high);
    if (across !== 0 || up !== 0) this.#move(across, up);
  }
}

function fitted(
  from: number,
  to: number,
  most: number,
  least: number,
): { readonly from: number; readonly to: number } {
  const span = Math.min(most, Math.max(Math.min(least, most), to - from));
  const begin = Math.max(0, Math.min(most - span, to - from < least ? (from + to - span) / 2 : from));
  return { from: begin, to: begin + span };
}
