import { Shop, type Wishes } from './server';

/** The shop of the file whose journeys are being made: each file has its own, however many of them one process goes through. */
export class Keeper {
    private file = '';
    private shop?: Shop;

    constructor(private readonly wishes: Wishes) {}

    async shopOf(file: string): Promise<Shop> {
        if (this.shop && this.file === file) return this.shop;
        await this.close();
        this.shop = await Shop.open(this.wishes);
        this.file = file;
        return this.shop;
    }

    async close(): Promise<void> {
        const shop = this.shop;
        this.shop = undefined;
        await shop?.close();
    }
}
