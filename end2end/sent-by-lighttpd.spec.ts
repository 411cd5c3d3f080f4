import { program } from './support/proxy';
import { behind, hear, isForItsBuyerAlone, isWhatWasSold } from './support/sent';

if (program('lighttpd')) {
    const test = behind('lighttpd');
    test.use({ wishes: { settings: { LECTERN_STORAGE__SENT_BY: 'x-sendfile' } } });

    test('lighttpd sends a bought book where the shop says so', async ({ page }) => {
        const path = await hear(page);
        await isWhatWasSold(page, path);
        await isForItsBuyerAlone(page, path);
    });
} else {
    console.log('Left out: the journey behind lighttpd, which is not installed.');
}
