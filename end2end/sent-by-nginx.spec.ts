import { expect } from './support/journey';
import { program } from './support/proxy';
import { behind, hear, isForItsBuyerAlone, isWhatWasSold, stored } from './support/sent';

if (program('nginx')) {
    const test = behind('nginx');
    test.use({ wishes: { settings: { LECTERN_STORAGE__SENT_BY: 'x-accel-redirect' } } });

    test('nginx sends a bought book where the shop says so, and nothing by itself', async ({ page, shop }) => {
        const path = await hear(page);
        await isWhatWasSold(page, path);
        const inside = stored(shop.data);
        expect(inside.length).toBeGreaterThan(0);
        for (const file of inside) expect((await page.request.get(`/stored${file}`)).status(), file).toBe(404);
        await isForItsBuyerAlone(page, path);
    });
} else {
    console.log('Left out: the journey behind nginx, which is not installed.');
}
