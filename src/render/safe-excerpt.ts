const SECRET = /\bSecret(?:List)?\b|\bsecretGenerator\b|stringData|["'/]data\b/;

/** The excerpt of a problem as messages may show it: nothing of a text that may hold the data of a Secret. */
export function safeExcerpt(text: string, excerpt: string): { readonly excerpt?: string } {
  return SECRET.test(text) ? {} : { excerpt };
}
