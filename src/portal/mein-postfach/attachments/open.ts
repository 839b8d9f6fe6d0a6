import { readFileSync } from 'node:fs';
import { createFolderStore } from './folder.ts';
import { createS3Store } from './s3/store.ts';
import type { AttachmentSettings } from './settings.ts';
import type { FileStore } from './store.ts';

/** The store that the settings name. */
export const openFileStore = (settings: AttachmentSettings): FileStore => {
  if ('folder' in settings) return createFolderStore(settings.folder);
  const { endpoint, region, bucket, prefix, path_style: pathStyle, ca_file: authority, ...keys } = settings.s3;
  return createS3Store(
    {
      endpoint,
      region,
      bucket,
      pathStyle,
      ...(authority === undefined ? {} : { ca: readFileSync(authority, 'utf8') }),
      accessKeyId: keys.access_key_id,
      secretAccessKey: keys.secret_access_key,
    },
    prefix,
  );
};
