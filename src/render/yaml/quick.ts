import type { MutableJson, MutableJsonObject } from '../../core/json.ts';
import { newObject } from './json-object.ts';
import { YamlFault } from './problem.ts';
import { QuickFlow } from './quick-flow.ts';
import { LINE_END, type QuickOptions, SPACE, STOP } from './quick-scalars.ts';

export interface QuickDocument {
  readonly value: MutableJson;
  /** Where its first token starts. */
  readonly position: number;
  /** Where the next document (its `---`) or the end of the text is. */
  readonly end: number;
}

/** Texts with other line breaks than `\n` are for the full reader. */
export function isQuickText(text: string): boolean {
  return !/[\r\x85\u2028\u2029]/.test(text);
}

/**
 * Reads one document of the usual kind several times faster than the full reader does: block maps and lists, scalars of every style, flow
 * collections; no anchors, tags, tabs, `?` keys or keys that are not strings. Undefined when the document is of another kind, or wrong:
 * the full reader then reads it from the start. Where it gives a value, the full reader would give the same.
 */
export function readQuick(
  text: string,
  start: number,
  first: boolean,
  options: QuickOptions,
): QuickDocument | undefined {
  try {
    return new QuickReader(text, start, options).document(first);
  } catch (thrown) {
    if (thrown === STOP || thrown instanceof YamlFault) return undefined;
    throw thrown;
  }
}

/** Blocks and documents of the usual kind. */
class QuickReader extends QuickFlow {
  document(first: boolean): QuickDocument {
    this.settle();
    if (this.column < 0) {
      // A document marker or the end.
      if (this.text.charCodeAt(this.position) !== 45) throw STOP;
      this.position += 3;
      this.skipLine();
      this.settle();
    } else if (!first) {
      throw STOP;
    }
    if (this.column < 0 || this.text.charCodeAt(this.position) === 37) throw STOP;
    const position = this.position;
    const value = this.block(-1);
    if (this.column >= 0 || typeof value !== 'object' || value === null) throw STOP;
    return { value, position, end: this.position };
  }

  /** The block node that starts at the position; afterwards the next content line is settled. */
  protected block(parent: number): MutableJson {
    const code = this.text.charCodeAt(this.position);
    if (code === 45 && this.isGap(this.position + 1)) return this.list(this.position - this.lineStart);
    if (code === 91 || code === 123) {
      const value = this.flow();
      this.nextLine();
      return value;
    }
    if (code === 34 || code === 39) {
      const lineStart = this.lineStart;
      const column = this.position - lineStart;
      const value = this.quoted(code);
      if (this.text.charCodeAt(this.position) === 58) {
        if (this.lineStart !== lineStart || !this.isGap(this.position + 1)) throw STOP;
        return this.map(column, value);
      }
      this.nextLine();
      return value;
    }
    if (code === 124 || code === 62) return this.blockScalar(parent);
    const start = this.position;
    const end = this.plainEnd();
    if (this.text.charCodeAt(this.position) === 58) {
      return this.map(start - this.lineStart, this.plainKey(start, end));
    }
    return this.plainValue(start, end, parent);
  }

  protected list(column: number): MutableJson[] {
    this.enter();
    const items: MutableJson[] = [];
    const text = this.text;
    for (;;) {
      let position = this.position + 1;
      while (text.charCodeAt(position) === SPACE) position++;
      this.position = position;
      const code = text.charCodeAt(position);
      if (code === LINE_END || code === 35 || position >= this.length) {
        this.settle();
        if (this.column <= column) items.push(null);
        else items.push(this.block(column));
      } else {
        items.push(this.block(column));
      }
      if (this.column !== column || text.charCodeAt(this.position) !== 45 || !this.isGap(this.position + 1)) break;
    }
    if (this.column > column) throw STOP;
    this.depth--;
    return items;
  }

  /** A map whose first key was read: the position is at its colon. */
  protected map(column: number, firstKey: string): MutableJsonObject {
    this.enter();
    const text = this.text;
    const { unique } = this.options;
    const object = newObject();
    let key = firstKey;
    for (;;) {
      if (unique && object[key] !== undefined) throw STOP;
      object[key] = this.mapValue(column);
      if (this.column !== column) break;
      const start = this.position;
      const lineStart = this.lineStart;
      const code = text.charCodeAt(start);
      if (code === 34 || code === 39) {
        key = this.quoted(code);
        if (this.lineStart !== lineStart) throw STOP;
      } else {
        // A list item, a collection or a block scalar cannot stand where a key must.
        if (code === 45 || code === 91 || code === 123 || code === 124 || code === 62) throw STOP;
        key = this.plainKey(start, this.plainEnd());
      }
      if (text.charCodeAt(this.position) !== 58 || !this.isGap(this.position + 1)) throw STOP;
    }
    if (this.column > column) throw STOP;
    this.depth--;
    return object;
  }

  /** The value behind a colon. */
  protected mapValue(column: number): MutableJson {
    const text = this.text;
    let position = this.position + 1;
    while (text.charCodeAt(position) === SPACE) position++;
    this.position = position;
    const code = text.charCodeAt(position);
    if (code === LINE_END || code === 35 || position >= this.length) {
      this.settle();
      if (this.column > column) return this.block(column);
      const listed = this.column === column && text.charCodeAt(this.position) === 45 && this.isGap(this.position + 1);
      return listed ? this.list(column) : null;
    }
    switch (code) {
      case 34:
      case 39: {
        const value = this.quoted(code);
        this.nextLine();
        return value;
      }
      case 91:
      case 123: {
        const value = this.flow();
        this.nextLine();
        return value;
      }
      case 124:
      case 62:
        return this.blockScalar(column);
      case 45:
        if (this.isGap(position + 1)) throw STOP;
        return this.plainValue(position, this.plainEnd(), column);
      default:
        return this.plainValue(position, this.plainEnd(), column);
    }
  }
}
