// A plain engine in this language: a 4-ary heap over flat arrays and a loop. It keeps no digest, gives events no
// identity, knows no crash, cancels nothing and counts no ties. The same programs on it and on ours show what those cost, and
// what is left to gain.

const ROOT = 3;

/** What the programs of `peers.mjs` use of a world. */
export class BareWorld {
  now = 0;
  events = 0;
  order = { hex: () => '' };
  end = ROOT;
  sequence = 0;
  free = -1;
  used = 0;

  constructor() {
    this.makeHeap(1024);
    this.makeSlots(1024);
  }

  makeHeap(places) {
    this.dues = larger(new Float64Array(places).fill(Infinity), this.dues);
    this.sequences = larger(new Float64Array(places), this.sequences);
    this.slots = larger(new Int32Array(places), this.slots);
  }

  makeSlots(places) {
    this.kinds = larger(new Int32Array(places), this.kinds);
    this.actors = larger(new Int32Array(places), this.actors);
    this.operands = larger(new Float64Array(places), this.operands);
    this.next = larger(new Int32Array(places), this.next);
  }

  addActor() {}

  post(kind, actor, delay, a = 0) {
    let slot = this.free;
    if (slot >= 0) this.free = this.next[slot];
    else {
      slot = this.used++;
      if (slot === this.kinds.length) this.makeSlots(slot * 2);
    }
    this.kinds[slot] = kind;
    this.actors[slot] = actor;
    this.operands[slot] = a;
    this.insert(this.now + delay, slot);
  }

  insert(due, slot) {
    if (this.end + 5 > this.dues.length) this.makeHeap(this.dues.length * 2);
    const { dues, sequences, slots } = this;
    let hole = this.end++;
    // What comes last goes behind what is due at the same time.
    while (hole > ROOT) {
      const parent = (hole >> 2) + 2;
      if (dues[parent] <= due) break;
      dues[hole] = dues[parent];
      sequences[hole] = sequences[parent];
      slots[hole] = slots[parent];
      hole = parent;
    }
    dues[hole] = due;
    sequences[hole] = this.sequence++;
    slots[hole] = slot;
  }

  /** Removes the first and returns its slot; there must be one. */
  pop() {
    const { dues, sequences, slots } = this;
    const slot = slots[ROOT];
    const last = --this.end;
    const due = dues[last];
    const sequence = sequences[last];
    dues[last] = Infinity;
    let hole = ROOT;
    for (;;) {
      const first = (hole - 2) * 4;
      if (first >= last) break;
      let least = first;
      for (let child = first + 1; child < first + 4; child++) {
        if (dues[child] < dues[least] || (dues[child] === dues[least] && sequences[child] < sequences[least]))
          least = child;
      }
      if (dues[least] > due || (dues[least] === due && sequences[least] > sequence)) break;
      dues[hole] = dues[least];
      sequences[hole] = sequences[least];
      slots[hole] = slots[least];
      hole = least;
    }
    if (last > ROOT) {
      dues[hole] = due;
      sequences[hole] = sequence;
      slots[hole] = slots[last];
    }
    return slot;
  }
}

/** Runs until the horizon or so many events in all, as `runTimed` does. */
export function runBare(world, model, horizon, { maxEvents = Infinity } = {}) {
  while (world.dues[ROOT] <= horizon && world.end > ROOT && world.events < maxEvents) {
    world.now = world.dues[ROOT];
    const slot = world.pop();
    world.next[slot] = world.free;
    world.free = slot;
    world.events++;
    model.apply(world.kinds[slot], world.actors[slot], world.operands[slot]);
  }
}

function larger(to, from) {
  if (from !== undefined) to.set(from);
  return to;
}
