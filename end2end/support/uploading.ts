import { type Locator, type Page, expect } from '@playwright/test';

/** Where audio is dropped. */
export function dropZone(page: Page): Locator {
    return page.getByTestId('drop-zone');
}

/** Drags files or folders of this machine over the zone and lets them go, by the browser's own way for what comes from outside. */
export async function drop(page: Page, paths: string[]): Promise<void> {
    const zone = dropZone(page);
    await zone.scrollIntoViewIfNeeded();
    const box = await zone.boundingBox();
    if (!box) throw new Error('there is nowhere to drop files');
    const there = { x: box.x + box.width / 2, y: box.y + box.height / 4 };
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    const browser = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver'] as const) {
        await browser.send('Input.dispatchDragEvent', { type, ...there, data });
    }
    await expect(zone, 'it shows that it would take them').toHaveClass(/border-accent/);
    await browser.send('Input.dispatchDragEvent', { type: 'drop', ...there, data });
    await expect(zone).not.toHaveClass(/border-accent/);
    await browser.detach();
}

/** Waits until the only title that was dropped has arrived, goes to its desk, and says which one it is. */
export async function watchTitle(page: Page): Promise<string> {
    await page.getByRole('link', { name: 'Watch the title take shape' }).click({ timeout: 30_000 });
    await page.waitForURL(/\/admin\/titles\/[0-9a-f-]{36}$/);
    return new URL(page.url()).pathname.slice('/admin/titles/'.length);
}

/** Waits until steps of a title are done, on its desk. */
export async function expectDone(page: Page, ...steps: string[]): Promise<void> {
    for (const step of steps) {
        await expect(page.getByTestId(`step-${step}`)).toHaveAttribute('data-status', 'done', { timeout: 240_000 });
    }
}

/** Takes no more than so many bytes a second from this page from now on, whatever it loads. */
export async function narrowLine(page: Page, bytesPerSecond: number): Promise<void> {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.enable');
    await browser.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesPerSecond,
    });
}
