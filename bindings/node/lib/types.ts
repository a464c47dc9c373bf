// Types that several files share.

/** Any other text: a value that this version does not know is kept as it came, and editors still offer the known ones. */
export type Unlisted = string & Record<never, never>;
