import { GsyError, messageOf } from '../errors.ts';
import type { AreaSpec, AssetSpec, Community } from './community.ts';
import { communityForm, leastOf } from './communityForm.ts';
import { assetsIn, communitySense, profileSense, tooDeep } from './communitySense.ts';
import type { Mistakes } from './checks.ts';
import { isObject, parseJson, without, type JsonObject } from './json.ts';
import { parseProfile, type ParsedProfile } from './parseProfile.ts';

/** Gives the text of a file that a community names as a `profileFile`; throws when there is none. */
export type ReadProfileFile = (name: string) => string;

/**
 * A community from its JSON text. Profiles in files of their own are read by `readFile` and stand in the result as if
 * they had stood in the text; without it a community that names a file cannot be used.
 *
 * @throws GsyError `ERR_GSY_COMMUNITY` that lists every mistake, one a line, each with its JSON path, and those in files
 * with their lines.
 *
 * @example
 * const community = parseCommunity(text, (name) => readFileSync(join(folder, name), 'utf8'));
 */
export const parseCommunity = (text: string, readFile: ReadProfileFile = refuse): Community => {
  const value = parseJson(text);
  const files = profileFiles(readFile);
  const mistakes = value === undefined ? ['$: this is no JSON'] : mistakesIn(value, files);
  if (mistakes.length > 0) {
    throw new GsyError('ERR_GSY_COMMUNITY', `The community cannot be used:\n${mistakes.join('\n')}`);
  }
  const community = without(value as JsonObject, '$schema') as unknown as Community;
  return { ...community, grid: withProfiles(community.grid, files) };
};

const refuse: ReadProfileFile = () => {
  throw new Error('files are not read here');
};

const mistakesIn = (value: unknown, files: ProfileFiles): Mistakes => {
  const deep = tooDeep(value);
  if (deep !== undefined) return [deep];
  const form = communityForm(value, '$');
  return isObject(value) ? [...form, ...communitySense(value), ...fileMistakes(value, files)] : form;
};

/** The profile in a file, whose values are no less than this. */
type ProfileFiles = (name: string, least: number) => ParsedProfile;

/** Reads each file once, however many assets live on it. */
const profileFiles = (readFile: ReadProfileFile): ProfileFiles => {
  const read = new Map<string, ParsedProfile>();
  return (name, least) => {
    const key = `${least} ${name}`;
    const known = read.get(key) ?? parsed(readFile, name, least);
    read.set(key, known);
    return known;
  };
};

const parsed = (readFile: ReadProfileFile, name: string, least: number): ParsedProfile => {
  let text: string;
  try {
    text = readFile(name);
  } catch (error) {
    return { mistakes: [`could not be read: ${messageOf(error)}`] };
  }
  return parseProfile(text, least);
};

const fileMistakes = (community: JsonObject, files: ProfileFiles): Mistakes =>
  assetsIn(community).flatMap(({ value: { type, profileFile }, at }) => {
    if (typeof profileFile !== 'string' || profileFile.trim() === '') return [];
    const file = files(profileFile, leastOf(type));
    const place = `${at}.profileFile: ${profileFile}`;
    return 'mistakes' in file
      ? file.mistakes.map((mistake) => `${place}: ${mistake}`)
      : profileSense(file.profile, `${place}: $`, community);
  });

/** An asset as a community's JSON may have it. */
type Filed = AssetSpec & { readonly profileFile?: string };

const withProfiles = (area: AreaSpec, files: ProfileFiles): AreaSpec => ({
  ...area,
  ...(area.areas !== undefined && { areas: area.areas.map((child) => withProfiles(child, files)) }),
  ...(area.assets !== undefined && { assets: area.assets.map((asset) => withProfile(asset, files)) }),
});

const withProfile = (asset: Filed, files: ProfileFiles): AssetSpec => {
  const { profileFile, ...others } = asset;
  if (profileFile === undefined) return asset;
  const file = files(profileFile, leastOf(asset.type));
  return { ...others, ...('profile' in file && { profile: file.profile }) };
};
