/**
 * `text/event-stream`, as the WHATWG HTML standard defines it (§9.2.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';

/** No record is as large: whoever sends more in one block sends no event stream. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Text in pieces to blocks: what stands between two empty lines. Other than an `EventSource` it hands out blocks
 * without data too, as their id is a resume point, and forgets no field of a block.
 */
export class EventStreamParser {
  /** The beginning of a line whose end has not come. */ #rest = '';
  /** The last piece ended in CR: an LF that follows belongs to it. */ #afterReturn = false;
  #block = {};
  #size = 0;

  /**
   * @param {string} text the next piece, cut anywhere
   * @returns {{event?: string, data?: string, id?: string, retry?: number}[]} the blocks that it completes
   */
  push(text) {
    const blocks = [];
    let start = this.#afterReturn && text[0] === '\n' ? 1 : 0;
    if (text !== '') this.#afterReturn = text.endsWith('\r');
    const ends = /\r\n|\n|\r/g;
    ends.lastIndex = start;
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      this.#line(this.#rest + text.slice(start, end.index), blocks);
      this.#rest = '';
      start = ends.lastIndex;
    }
    this.#rest += text.slice(start);
    if (this.#size + this.#rest.length > MAX_CHARACTERS) throw failure('protocol', 'an event without end');
    return blocks;
  }

  #line(line, blocks) {
    if (line === '') {
      if (Object.keys(this.#block).length > 0) blocks.push(this.#block);
      this.#block = {};
      this.#size = 0;
      return;
    }
    this.#size += line.length;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    this.#field(name, value);
  }

  #field(name, value) {
    const block = this.#block;
    switch (name) {
      case 'event': block.event = value; break;
      case 'data': block.data = block.data === undefined ? value : `${block.data}\n${value}`; break;
      case 'id': if (!value.includes('\0')) block.id = value; break;
      case 'retry': if (/^\d+$/.test(value)) block.retry = Number(value); break;
      default: // A comment, or a field of a later version.
    }
  }
}
