import { FILLED, Shop } from './server';

/** Before all journeys: a shop is filled with the sample titles, and each of theirs begins as a copy of it. */
export default async function filled(): Promise<() => Promise<void>> {
    const shop = await Shop.filled();
    process.env[FILLED] = shop.data;
    return () => shop.close();
}
