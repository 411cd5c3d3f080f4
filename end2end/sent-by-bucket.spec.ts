import { expect, test } from './support/journey';
import { hear, isForItsBuyerAlone, isWhatWasSold } from './support/sent';

const SERVER = process.env.LECTERN_TEST_S3;

test.describe.configure({ timeout: 300_000 });

// A build machine has to have a server; elsewhere it is said that the journey was not made.
if (SERVER || process.env.CI) {
    test.use({ wishes: { s3: SERVER ?? '', settings: { LECTERN_STORAGE__SENT_BY: 'link' } } });

    test('a buyer is led to the bucket for what they hear and take away, and nobody else is', async ({ page }) => {
        const heard = page.waitForResponse((answer) => answer.url().startsWith(`${SERVER}/`) && answer.status() < 300);
        const path = await hear(page);
        await heard;
        const led = await page.request.get(path, { maxRedirects: 0 });
        expect(led.status()).toBe(302);
        expect(led.headers()['cache-control']).toBe('private, no-store');
        const link = led.headers().location;
        expect(link).toContain('X-Amz-Signature=');
        // Whoever has it needs nothing else.
        const direct = await fetch(link, { headers: { range: 'bytes=0-99' } });
        expect([direct.status, (await direct.arrayBuffer()).byteLength]).toEqual([206, 100]);
        await isWhatWasSold(page, path);
        await isForItsBuyerAlone(page, path);
    });
} else {
    console.log('Left out: the journey by links into a bucket, for want of a server (LECTERN_TEST_S3).');
}
