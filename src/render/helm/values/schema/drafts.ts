/** The drafts of JSON Schema, by the year or number that orders them. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

const DRAFTS = new Map<string, Draft>([
  ['json-schema.org/draft-04/schema', 4],
  ['json-schema.org/draft-06/schema', 6],
  ['json-schema.org/draft-07/schema', 7],
  ['json-schema.org/draft/2019-09/schema', 2019],
  ['json-schema.org/draft/2020-12/schema', 2020],
  ['json-schema.org/schema', 2020],
]);

/** The draft that `$schema` names; the newest when there is none; undefined when it is not known. */
export function draftOf(schemaUri: string | undefined): Draft | undefined {
  if (schemaUri === undefined) return 2020;
  return DRAFTS.get(schemaUri.replace(/#$/, '').replace(/^https?:\/\//, ''));
}
