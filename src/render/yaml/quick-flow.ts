import type { MutableJson, MutableJsonObject } from '../../core/json.ts';
import { newObject } from './json-object.ts';
import { LINE_END, QuickScalars, SPACE, STOP } from './quick-scalars.ts';

/** Flow collections of a document of the usual kind. */
export class QuickFlow extends QuickScalars {
  /** A flow collection; the position is behind its closing bracket afterwards. */
  protected flow(): MutableJson {
    this.enter();
    const map = this.text.charCodeAt(this.position) === 123;
    this.position++;
    const value = map ? this.flowMap() : this.flowList();
    this.depth--;
    return value;
  }

  /** Spaces and line breaks inside a flow collection; returns the next character. */
  protected flowGap(): number {
    const text = this.text;
    let position = this.position;
    let code = text.charCodeAt(position);
    while (code === SPACE || code === LINE_END || code === 9) {
      position++;
      if (code === LINE_END) {
        this.lineStart = position;
        if (this.atMarker(position)) throw STOP;
      }
      code = text.charCodeAt(position);
    }
    this.position = position;
    return code;
  }

  protected flowList(): MutableJson[] {
    const items: MutableJson[] = [];
    let code = this.flowGap();
    while (code !== 93) {
      items.push(this.flowNode(code));
      code = this.flowGap();
      if (code === 44) {
        this.position++;
        code = this.flowGap();
      } else if (code !== 93) {
        throw STOP;
      }
    }
    this.position++;
    return items;
  }

  protected flowMap(): MutableJsonObject {
    const object = newObject();
    const text = this.text;
    let code = this.flowGap();
    while (code !== 125) {
      const lineStart = this.lineStart;
      let key: string;
      if (code === 34 || code === 39) {
        key = this.quoted(code);
      } else {
        const start = this.position;
        key = this.plainKey(start, this.flowPlainEnd());
      }
      while (text.charCodeAt(this.position) === SPACE) this.position++;
      if (this.lineStart !== lineStart || text.charCodeAt(this.position) !== 58) throw STOP;
      this.position++;
      code = this.flowGap();
      if (code === 44 || code === 125) throw STOP;
      if (this.options.unique && object[key] !== undefined) throw STOP;
      object[key] = this.flowNode(code);
      code = this.flowGap();
      if (code === 44) {
        this.position++;
        code = this.flowGap();
      } else if (code !== 125) {
        throw STOP;
      }
    }
    this.position++;
    return object;
  }

  protected flowNode(code: number): MutableJson {
    if (code === 91 || code === 123) {
      const value = this.flow();
      // It may turn out to be a key.
      if (this.text.charCodeAt(this.position) === 58) throw STOP;
      return value;
    }
    if (code === 34 || code === 39) {
      const value = this.quoted(code);
      const after = this.flowGap();
      if (after !== 44 && after !== 93 && after !== 125) throw STOP;
      return value;
    }
    const start = this.position;
    const end = this.flowPlainEnd();
    const after = this.text.charCodeAt(this.position);
    if (after !== 44 && after !== 93 && after !== 125) throw STOP;
    return this.scalar(this.text.slice(start, end));
  }

  /** A plain scalar inside a flow collection: on one line, of harmless characters. */
  protected flowPlainEnd(): number {
    const text = this.text;
    const start = this.position;
    const first = text.charCodeAt(start);
    const word = (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 48 && first <= 57);
    if (!word && first !== 47 && first !== 46 && first !== 95 && first !== 36) {
      const second = text.charCodeAt(start + 1);
      if (first !== 45 || second < 48 || second > 57) throw STOP;
    }
    let position = start;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === 44 || code === 91 || code === 93 || code === 123 || code === 125) break;
      if (code === 58 && this.isGap(position + 1)) break;
      if (code === LINE_END || code === 9 || code === 63 || position >= this.length) throw STOP;
      if (code === 35 && end < position) throw STOP;
      position++;
      if (code !== SPACE) end = position;
    }
    this.position = position;
    return end;
  }
}
