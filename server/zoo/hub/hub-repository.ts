/**
 * A repository of the Hugging Face Hub, by its public interface: which commit a revision is, which files it
 * has, and where each can be fetched. Errors become sentences with a fix.
 */
import {
  datasetInfo,
  HubApiError,
  listFiles,
  modelInfo,
  type RepoDesignation,
} from '@huggingface/hub';
import { ZooError } from '../errors.ts';

export interface HubAccess {
  /** Without a slash at its end. */
  readonly hubUrl: string;
  /** For repositories that are not public. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file; of a small one git's own SHA-1. */
  readonly hash: { readonly sha256: string } | { readonly gitSha1: string };
}

export interface HubRepository {
  readonly kind: 'model' | 'dataset';
  readonly id: string;
  /** 40 hex digits: what the revision was when it was asked. */
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** Address of the Hub and token from the environment, by the names that Hugging Face's tools use. */
export function hubAccess(signal?: AbortSignal): HubAccess {
  const { HF_ENDPOINT, HF_TOKEN } = process.env;
  return {
    hubUrl: (HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, ''),
    ...(HF_TOKEN === undefined || HF_TOKEN === '' ? {} : { token: HF_TOKEN }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Sentence for what the Hub or the network answered; a cancel stays what it is. */
export function hubError(
  error: unknown,
  what: string,
  { hubUrl, token, signal }: HubAccess,
): Error {
  if (signal?.aborted === true)
    return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
  if (error instanceof ZooError) return error;
  if (error instanceof HubApiError) {
    const { statusCode } = error;
    if (statusCode === 401 || statusCode === 403) {
      const why =
        token === undefined
          ? 'it does not exist, is private, or asks for a licence to be accepted. Check the id; for one that is not public set HF_TOKEN.'
          : 'HF_TOKEN has no access. Accept its licence on the Hub with the account of the token.';
      return new ZooError('missing', `${what}: the Hub answers ${statusCode}: ${why}`);
    }
    if (statusCode === 404) {
      return new ZooError('missing', `${what}: the Hub has no such id or revision.`);
    }
    return new ZooError('missing', `${what}: the Hub answers ${statusCode} (${error.message}).`);
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return new ZooError(
    'missing',
    `${what}: ${hubUrl} cannot be reached (${cause instanceof Error ? cause.message : String(cause)}). Fetched files stay, and the same command goes on from there; or give a folder (./FOLDER) that has the files.`,
    { cause: error },
  );
}

/** @throws ZooError where the id or revision is not there, or nobody answers */
export async function readRepository(
  kind: 'model' | 'dataset',
  id: string,
  revision: string,
  access: HubAccess,
): Promise<HubRepository> {
  const { hubUrl, token, signal } = access;
  const shared = {
    hubUrl,
    fetch: (input: RequestInfo | URL, init?: RequestInit) =>
      fetch(input, { ...init, ...(signal === undefined ? {} : { signal }) }),
    ...(token === undefined ? {} : { accessToken: token }),
  };
  try {
    const asked = { name: id, revision, additionalFields: ['sha' as const], ...shared };
    const { sha } = kind === 'model' ? await modelInfo(asked) : await datasetInfo(asked);
    if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha)) {
      throw new ZooError('missing', `${id}@${revision}: the Hub names no commit.`);
    }
    const repo: RepoDesignation = { type: kind, name: id };
    const files: HubFile[] = [];
    for await (const entry of listFiles({ repo, revision: sha, recursive: true, ...shared })) {
      if (entry.type !== 'file') continue;
      const { lfs, oid = '' } = entry;
      const hash = lfs === undefined ? { gitSha1: oid } : { sha256: lfs.oid };
      files.push({ path: entry.path, bytes: lfs?.size ?? entry.size, hash });
    }
    return { kind, id, commit: sha, files };
  } catch (error) {
    throw hubError(error, `${id}@${revision}`, access);
  }
}

/** Where a file's bytes are. */
export function addressOf(
  { kind, id, commit }: HubRepository,
  path: string,
  hubUrl: string,
): string {
  const folder = kind === 'dataset' ? 'datasets/' : '';
  return `${hubUrl}/${folder}${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
