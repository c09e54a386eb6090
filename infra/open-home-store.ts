// The store of this home, shared with other hosts where SIMCNE_STORE names a bucket.
import { openStore, type Store } from '../artifacts/store.ts';
import { storeFolder } from './home.ts';

/**
 * Opens it, with the records as other hosts have written them.
 * @throws InvalidStore, NoSuchBucket, StoreDenied, StoreUnreachable
 */
export async function openHomeStore(): Promise<Store> {
  const local = await openStore(storeFolder());
  const address = process.env.SIMCNE_STORE;
  if (!address) return local;
  const { openSharedStore } = await import('../artifacts/bucket/shared-store.ts'); // the S3 client takes a while to load
  const store = await openSharedStore(local, address);
  await store.refresh();
  return store;
}
