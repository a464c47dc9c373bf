// What came and could not be taken.

/** Which texts are meant: those that fit everything that is set. */
export interface RejectedFilter {
  /** Why they were not taken. */
  readonly class?: RejectedText['class'];
  /** Texts of a page, at most 1000. Default: 100. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A text that came and could not be taken. What it holds is nobody's promise: personal data, and whatever else somebody sent. */
export interface RejectedText {
  /** By which `admitRejected` takes it in. */
  readonly id: number;
  /**
   * Why it was not taken: a record of a CDR push that cannot be read, a body that is no push or ends too early, or one whose
   * signature the policy refused.
   */
  readonly class: 'record' | 'malformed' | 'refused';
  /** When it came first. */
  readonly receivedAt: Date;
  /** Its position in its CDR push; absent for a whole body. */
  readonly position?: number;
  /** The field at fault, as a JSON pointer into the push. */
  readonly field?: string;
  /** What is wrong with it. Quotes nothing of it. */
  readonly reason: string;
  /** The verdict on the signature. */
  readonly verdict: string;
  /** Bytes that came; more than in `raw` where it was too long to be kept whole. */
  readonly size: number;
  /** What is kept of it. */
  readonly raw: Buffer;
}

/** A page of them. */
export interface RejectedPage {
  /** The oldest first. */
  readonly texts: readonly RejectedText[];
  /** `after` of the next page; absent on the last. */
  readonly next?: string;
}

/** What became of texts that could not be taken before. */
export interface Retried {
  /** Texts of which everything is in the store now; they are no longer among the rejected. */
  readonly taken: number;
  /** Texts that stay where they are. */
  readonly left: number;
  /** Events and CDRs that were new. */
  readonly accepted: number;
  /** Those that were known; conflicts are among them. */
  readonly duplicates: number;
  /** Those that contradict what is known. They are kept beside it. */
  readonly conflicts: number;
}

/** @internal */
export interface ToldRejected {
  readonly texts: readonly ToldText[];
  readonly next?: string;
}

type ToldText = Omit<RejectedText, 'receivedAt' | 'raw'> & {
  readonly receivedAt: string;
  readonly raw?: string;
  readonly rawBase64?: string;
};

/** @internal */
export function rejectedText({ receivedAt, raw, rawBase64, ...rest }: ToldText): RejectedText {
  const bytes = raw === undefined ? Buffer.from(rawBase64 ?? '', 'base64') : Buffer.from(raw);
  return { ...rest, receivedAt: new Date(receivedAt), raw: bytes };
}
