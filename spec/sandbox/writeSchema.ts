import { writeFileSync } from 'node:fs';
import { communitySchema } from '../../lib/sandbox/communityForm.ts';

// Writes the schema that ships with the package; to be run when the form of a community has changed.
writeFileSync(
  new URL('../../lib/sandbox/community.schema.json', import.meta.url),
  `${JSON.stringify(communitySchema, null, 2)}\n`,
);
