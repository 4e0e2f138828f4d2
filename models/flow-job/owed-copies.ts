// How many copies of each record have come. Counts lie in small pages that all sources share; a page whose records have all come
// in full is dropped and stands for itself, so that memory follows what is under way, not the length of the run, and a source
// that sends nothing costs four integers.

const PAGE_BITS = 6;
const PAGE = 1 << PAGE_BITS;

// A source's record: how many copies a record of it owes, the highest page begun, the place of the newest page that is not
// full, and where its ring begins; -1: none.
const OWED = 0;
const BEGUN = 1;
const NEWEST = 2;
const RING = 3;
const SOURCE_INTS = 4;
// A place's record: which page of its source lies there, what is missing from it, and the places of the next older one (or of
// the next free one) and the next newer one that are not full.
const NUMBER = 0;
const MISSING = 1;
const OLDER = 2;
const NEWER = 3;
const PLACE_INTS = 4;
/** A source with more than two pages that are not full has a ring: the places of its newest pages, by number modulo this. */
const RING_PAGES = 128;

/** Counts the copies of records, by source and number of the record, against what each record owes. */
export class OwedCopies {
  private readonly ofSources: Int32Array;
  private ofPlaces: Int32Array = new Int32Array(16 * PLACE_INTS);
  private counts: Uint16Array = new Uint16Array(16 * PAGE);
  private places: number = 0;
  private free: number = -1;
  private rings: Int32Array = new Int32Array(0);
  private ringed: number = 0;

  /** `owed`: by source, the copies of each of its records that come without failures. */
  constructor(owed: readonly number[]) {
    this.ofSources = new Int32Array(owed.length * SOURCE_INTS).fill(-1);
    for (const [source, copies] of owed.entries()) this.ofSources[source * SOURCE_INTS + OWED] = copies;
  }

  /** One more copy has come; true if the record owes it. */
  add(source: number, seq: number): boolean {
    const of = source * SOURCE_INTS;
    const page = seq >>> PAGE_BITS;
    while (this.ofSources[of + BEGUN]! < page) this.begin(of);
    const place = this.placeOf(of, page);
    if (place >= 0) {
      const at = (place << PAGE_BITS) + (seq & (PAGE - 1));
      const before = this.counts[at]!;
      this.counts[at] = before + 1;
      if (before < this.ofSources[of + OWED]!) {
        const missing = this.ofPlaces[place * PLACE_INTS + MISSING]! - 1;
        this.ofPlaces[place * PLACE_INTS + MISSING] = missing;
        if (missing === 0) this.drop(of, place);
        return true;
      }
    }
    return false;
  }

  /** Of a page that is full no more is known than that each record has what it owes, or more. */
  copiesOf(source: number, seq: number): number {
    const of = source * SOURCE_INTS;
    const page = seq >>> PAGE_BITS;
    if (page > this.ofSources[of + BEGUN]!) return 0;
    const place = this.placeOf(of, page);
    return place < 0 ? this.ofSources[of + OWED]! : this.counts[place * PAGE + (seq & (PAGE - 1))]!;
  }

  /** Visits the records below `end` that are not visible in full, with the copies they miss. */
  forEachMissing(source: number, end: number, visit: (seq: number, missing: number) => void): void {
    const of = source * SOURCE_INTS;
    const owed = this.ofSources[of + OWED]!;
    const places: number[] = [];
    for (let place = this.ofSources[of + NEWEST]!; place >= 0; place = this.olderThan(place)) places.push(place);
    for (const place of places.toReversed()) {
      const first = this.ofPlaces[place * PLACE_INTS + NUMBER]! * PAGE;
      for (let i = 0; i < PAGE && first + i < end; i++) {
        const missing = owed - this.counts[place * PAGE + i]!;
        if (missing > 0) visit(first + i, missing);
      }
    }
    if (owed === 0) return;
    for (let seq = (this.ofSources[of + BEGUN]! + 1) * PAGE; seq < end; seq++) visit(seq, owed);
  }

  /** Reads what `add` will read first, and does nothing else. */
  fetchSource(source: number): number {
    return this.ofSources[source * SOURCE_INTS]!;
  }

  /** Reads what `add` will read then, and does nothing else. */
  fetchCount(source: number, seq: number): number {
    const place = this.ofSources[source * SOURCE_INTS + NEWEST]!;
    if (place < 0) return 0;
    return this.ofPlaces[place * PLACE_INTS]! ^ this.counts[(place << PAGE_BITS) + (seq & (PAGE - 1))]!;
  }

  private olderThan(place: number): number {
    return this.ofPlaces[place * PLACE_INTS + OLDER]!;
  }

  /** Where the page of the source (whose record is at `of`) lies; -1: it is full. It has been begun. */
  private placeOf(of: number, page: number): number {
    const { ofSources, ofPlaces } = this;
    const newest = ofSources[of + NEWEST]!;
    if (newest < 0 || ofPlaces[newest * PLACE_INTS + NUMBER] === page) return newest;
    const ring = ofSources[of + RING]!;
    if (ring >= 0) {
      const place = this.rings[ring + (page & (RING_PAGES - 1))]!;
      if (place >= 0 && ofPlaces[place * PLACE_INTS + NUMBER] === page) return place;
      if (page > ofSources[of + BEGUN]! - RING_PAGES) return -1;
    }
    return this.searched(newest, page);
  }

  /** The same, by going through the pages from the newest on. */
  private searched(newest: number, page: number): number {
    let place = newest;
    while (place >= 0) {
      const number = this.ofPlaces[place * PLACE_INTS + NUMBER]!;
      if (number <= page) return number === page ? place : -1;
      place = this.olderThan(place);
    }
    return -1;
  }

  /** Begins the next page of the source. */
  private begin(of: number): void {
    const { ofSources } = this;
    const page = ofSources[of + BEGUN]! + 1;
    ofSources[of + BEGUN] = page;
    const older = ofSources[of + NEWEST]!;
    const place = this.newPlace();
    const at = place * PLACE_INTS;
    this.ofPlaces[at + NUMBER] = page;
    this.ofPlaces[at + MISSING] = ofSources[of + OWED]! * PAGE;
    this.ofPlaces[at + OLDER] = older;
    this.ofPlaces[at + NEWER] = -1;
    if (older >= 0) this.ofPlaces[older * PLACE_INTS + NEWER] = place;
    ofSources[of + NEWEST] = place;
    if (ofSources[of + RING]! >= 0) this.enterRing(of, place);
    else if (older >= 0 && this.olderThan(older) >= 0) this.makeRing(of);
  }

  private newPlace(): number {
    const { free } = this;
    if (free >= 0) {
      this.free = this.olderThan(free);
      this.counts.fill(0, free * PAGE, (free + 1) * PAGE);
      return free;
    }
    const place = this.places++;
    if (this.places * PAGE > this.counts.length) this.enlarge();
    return place;
  }

  private makeRing(of: number): void {
    const ring = this.ringed++ * RING_PAGES;
    if (ring + RING_PAGES > this.rings.length) {
      const rings = new Int32Array(Math.max(4 * RING_PAGES, this.rings.length * 2));
      rings.set(this.rings);
      this.rings = rings;
    }
    this.rings.fill(-1, ring, ring + RING_PAGES);
    const { ofSources, ofPlaces } = this;
    ofSources[of + RING] = ring;
    const oldest = ofSources[of + BEGUN]! - RING_PAGES + 1;
    let place = ofSources[of + NEWEST]!;
    while (place >= 0 && ofPlaces[place * PLACE_INTS + NUMBER]! >= oldest) {
      this.enterRing(of, place);
      place = this.olderThan(place);
    }
  }

  private enterRing(of: number, place: number): void {
    this.rings[this.ringPlace(of, place)] = place;
  }

  /** Where the place stands in the ring of its source, unless a newer page took that. */
  private ringPlace(of: number, place: number): number {
    return this.ofSources[of + RING]! + (this.ofPlaces[place * PLACE_INTS + NUMBER]! & (RING_PAGES - 1));
  }

  /** The page is full: it leaves the list of its source. */
  private drop(of: number, place: number): void {
    const at = place * PLACE_INTS;
    const older = this.ofPlaces[at + OLDER]!;
    const newer = this.ofPlaces[at + NEWER]!;
    if (newer < 0) this.ofSources[of + NEWEST] = older;
    else this.ofPlaces[newer * PLACE_INTS + OLDER] = older;
    if (older >= 0) this.ofPlaces[older * PLACE_INTS + NEWER] = newer;
    if (this.ofSources[of + RING]! >= 0) {
      const where = this.ringPlace(of, place);
      if (this.rings[where] === place) this.rings[where] = -1;
    }
    this.ofPlaces[at + OLDER] = this.free;
    this.free = place;
  }

  private enlarge(): void {
    const ofPlaces = new Int32Array(this.ofPlaces.length * 2);
    ofPlaces.set(this.ofPlaces);
    this.ofPlaces = ofPlaces;
    const counts = new Uint16Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
  }
}
