import { expect, test } from './support/journey';
import { somebody } from './support/shopper';

const DOCS = '/api/v1/docs';
/** 200 operations are drawn in one go, which keeps a slow machine busy for a while. */
const DRAWN = { timeout: 120_000 };

test.describe.configure({ timeout: 300_000 });

test('somebody reads what the API is, logs in on its page and asks with the token', async ({ page, shop }) => {
    const elsewhere: string[] = [];
    page.on('request', (request) => {
        if (!request.url().startsWith(shop.address) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    const person = somebody();

    await test.step('the operations are there', async () => {
        await page.goto(DOCS);
        await page.locator('#operations-tag-account').click(DRAWN);
        await expect(page.locator('#operations-account-me')).toBeVisible();
        await expect(page.locator('#plain'), 'the plain list has given way').toBeHidden();
    });

    await test.step('an account is opened', async () => {
        await page.locator('#operations-tag-auth').click(DRAWN);
        const register = page.locator('#operations-auth-register');
        await register.locator('.opblock-summary-control').click();
        await register.locator('textarea').fill(JSON.stringify(person));
        await register.getByRole('button', { name: 'Execute' }).click();
        await expect(register.locator('.live-responses-table .response .response-col_status')).toHaveText(/^201/);
    });

    await test.step('the token goes along with what is asked next', async () => {
        const me = page.locator('#operations-account-me');
        await me.locator('.opblock-summary-control').click();
        await me.getByRole('button', { name: 'Execute' }).click();
        await expect(me.locator('.live-responses-table .response .response-col_status')).toHaveText(/^200/);
        await expect(me.locator('.live-responses-table')).toContainText(person.email);
    });
    expect(elsewhere, 'no other host is asked').toEqual([]);
});

test('the page says once what the API is, and is as dark as somebody wants it, to its end', async ({ page }) => {
    const shades = () =>
        page.evaluate(() => {
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
            // How light a colour is, 0 to 1; nothing for one that lets through what is behind it.
            const light = (colour: string) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                const [red, green, blue, solid] = canvas.getImageData(0, 0, 1, 1).data;
                return solid < 255 ? undefined : (red + green + blue) / 765;
            };
            const behind = (element: Element | null): number => {
                for (let at = element; at; at = at.parentElement) {
                    const shade = light(getComputedStyle(at).backgroundColor);
                    if (shade !== undefined) return shade;
                }
                return matchMedia('(prefers-color-scheme: dark)').matches ? 0 : 1;
            };
            const at = (selector: string) => document.querySelector(selector)!;
            return ['h1', '#try .opblock-tag', '#try .opblock .opblock-summary-path', '#try .scheme-container'].map((selector) => ({
                selector,
                behind: behind(at(selector)),
                text: light(getComputedStyle(at(selector)).color) ?? 0.5,
            }));
        });
    for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto(DOCS);
        await page.locator('#operations-tag-auth').click(DRAWN);
        await expect(page.locator('#operations-auth-register')).toBeVisible();
        await expect(page.getByText('The audiobook shop, for programs.').filter({ visible: true })).toHaveCount(1);
        for (const { selector, behind, text } of await shades()) {
            if (scheme === 'dark') expect(behind, `behind ${selector}`).toBeLessThan(0.3);
            else expect(behind, `behind ${selector}`).toBeGreaterThan(0.8);
            if (scheme === 'dark') expect(text, `${selector} itself`).toBeGreaterThan(0.7);
            else expect(text, `${selector} itself`).toBeLessThan(0.4);
        }
    }
    // Whoever changes their mind while the page is open need not load it again.
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(async () => (await shades())[1].behind).toBeGreaterThan(0.8);
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the same page says everything, and so does the plain one', async ({ page }) => {
        for (const address of [DOCS, `${DOCS}/plain`]) {
            await page.goto(address);
            await expect(page.locator('#login')).toBeVisible();
            await expect(page.locator('#login')).toContainText('POST /api/v1/auth/login');
        }
    });
});
