/** Why a file is not taken; fixed words, for the sender's developer. */
export type RefusedContent =
  | 'type'
  | 'name'
  | 'virus_test_file'
  | 'not_text'
  | 'document_type'
  | 'script'
  | 'macro'
  | 'encrypted'
  | 'embedded_file'
  | 'archive'
  | 'too_large_unpacked'
  | 'broken';

export class ContentRefused extends Error {
  override readonly name = 'ContentRefused';
  readonly reason: RefusedContent;
  constructor(reason: RefusedContent) {
    super(reason);
    this.reason = reason;
  }
}
