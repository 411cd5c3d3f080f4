import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { inspect, visit } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { square, tagged } from './support/picture';
import { ROOT } from './support/server';
import { logInAsAdmin } from './support/shopper';
import { humming } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

const SLUG = 'the-last-spoon';
const TITLE = 'The Last Spoon';

test.use({
    wishes: { worker: true },
    expected: { 'a file that is no picture': refused('422', '/admin/pictures/titles/[0-9a-f-]{36}') },
});
test.describe.configure({ timeout: 360_000 });

/** Where the cover or portrait of a page of the back office comes from. */
function source(page: Page) {
    return page.getByTestId('picture-source');
}

async function expectMade(page: Page, words: string): Promise<void> {
    await expect(source(page)).toHaveAttribute('data-state', 'made', { timeout: 60_000 });
    await expect(source(page)).toHaveText(words);
}

/** Opens the desk of a sample title. */
async function openDesk(page: Page): Promise<void> {
    await open(page, '/admin/titles');
    await page.getByRole('link', { name: TITLE, exact: true }).first().click();
    await page.waitForURL(/\/admin\/titles\/[0-9a-f-]{36}$/);
    await settled(page);
}

/** The colour in the middle of the cover that the page of a title shows. */
async function colour(page: Page): Promise<number[]> {
    const cover = page.locator('article picture img').first();
    await expect(cover).toHaveJSProperty('complete', true);
    return cover.evaluate(async (shown) => {
        const image = shown as HTMLImageElement;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [1, 1];
        const paper = canvas.getContext('2d');
        paper?.drawImage(image, 0, 0, 1, 1);
        return [...(paper?.getImageData(0, 0, 1, 1).data.slice(0, 3) ?? [])];
    });
}

test('a cover is uploaded, refused, replaced and removed', async ({ page, folder }) => {
    const [red, words] = [join(folder, 'red.png'), join(folder, 'words.png')];
    writeFileSync(red, square(1400, [200, 20, 20]));
    writeFileSync(words, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await logInAsAdmin(page);
    await openDesk(page);
    await expect(source(page)).toHaveText('Drawn from title and authors.');

    await test.step('what is no picture is refused beside its field', async () => {
        await page.locator('#subtitle').fill('What is typed stays');
        await page.locator('#picture-file').setInputFiles(words);
        await page.getByTestId('picture-upload').click();
        await expect(page.locator('#picture-file-error')).toContainText('no picture that the shop knows');
        await expect(page.locator('#picture-file')).toHaveAttribute('aria-invalid', 'true');
        await inspect(page, 'the desk with a refused cover');
    });

    await test.step('a picture becomes the cover', async () => {
        await page.locator('#picture-file').setInputFiles(red);
        await page.getByTestId('picture-upload').click();
        await expectMade(page, 'Uploaded here.');
        await expect(page.locator('#picture-file-error')).toBeEmpty();
        await expect(page.locator('#subtitle')).toHaveValue('What is typed stays');
        await expect(page.getByTestId('picture').getByRole('link', { name: '1280 px' })).toBeVisible();
        await inspect(page, 'the desk with a cover');
    });

    await test.step('the shop shows it in the size that fits', async () => {
        await open(page, `/books/${SLUG}`);
        const [r, g, b] = await colour(page);
        expect(r).toBeGreaterThan(150);
        expect(Math.max(g, b)).toBeLessThan(80);
        const cover = page.locator('article picture img').first();
        await expect(cover).toHaveAttribute('fetchpriority', 'high');
        const chosen = await cover.evaluate((image) => (image as HTMLImageElement).currentSrc);
        expect(chosen).toMatch(new RegExp(`/covers/${SLUG}/(320|640|1280)\\.webp\\?v=\\d+$`));
        const size = await page.request.get(new URL(chosen).pathname);
        expect(size.headers()['content-type']).toBe('image/webp');
        const shared = await page.request.get(`/covers/${SLUG}.png`);
        expect(shared.headers()['content-type']).toBe('image/jpeg');
    });

    await test.step('removed, it is drawn again', async () => {
        await openDesk(page);
        await page.getByTestId('picture-remove').click();
        await expect(source(page)).toHaveText('Drawn from title and authors.');
        await open(page, `/books/${SLUG}`);
        await expect(page.locator('article picture img').first()).toHaveAttribute('src', /\.svg\?v=/);
        const drawn = await page.request.get(`/covers/${SLUG}.png`);
        expect(drawn.headers()['content-type']).toBe('image/png');
    });
});

test('a recording brings its cover, and a folder brings all that lies in it', async ({ page, folder }) => {
    await logInAsAdmin(page);

    await test.step('the picture in the file becomes the cover', async () => {
        const sound = readFileSync(join(ROOT, 'server/tests/recordings/the-bell-at-north-rock.mp3'));
        const file = join(folder, 'salt.mp3');
        writeFileSync(file, tagged(sound, 'Salt and Light', square(600, [20, 120, 40])));
        await open(page, '/admin');
        await drop(page, [file]);
        await watchTitle(page);
        await expectDone(page, 'upload', 'probe');
        await expectMade(page, 'From the recording.');
        await expect(page.getByRole('heading', { level: 1, name: 'Salt and Light' })).toBeVisible();
    });

    const book = join(folder, 'A Long Hum');
    await test.step('a folder is dropped with what lies about in it', async () => {
        mkdirSync(book);
        writeFileSync(join(book, 'hum.wav'), humming(20));
        writeFileSync(join(book, 'Folder.PNG'), square(500, [20, 40, 160]));
        writeFileSync(join(book, 'cover.png'), square(800, [160, 40, 160]));
        writeFileSync(
            join(book, 'metadata.json'),
            JSON.stringify({ title: 'The Long Hum', authors: ['Ada Quill'], publishedYear: '1999', publisher: 'Tide Press' }),
        );
        writeFileSync(
            join(book, 'hum.cue'),
            'FILE "hum.flac" WAVE\n TRACK 01 AUDIO\n  TITLE "Low"\n  INDEX 01 00:00:00\n TRACK 02 AUDIO\n  TITLE "High"\n  INDEX 01 00:08:00\n',
        );
        for (const litter of ['readme.nfo', 'list.m3u', 'sums.sfv', 'Thumbs.db', '.DS_Store', 'notes.txt']) {
            writeFileSync(join(book, litter), 'words that nobody means to hear');
        }
        await open(page, '/admin');
        await drop(page, [book]);
        const rows = page.getByTestId('upload-row').filter({ hasText: 'A Long Hum/' });
        await expect(rows).toHaveCount(4);
        await expect(rows.filter({ has: page.locator('.text-danger') })).toHaveCount(0);
        await page.getByRole('link', { name: 'Watch the title take shape' }).or(page.getByRole('link', { name: 'Open the title' })).last().click({ timeout: 30_000 });
        await page.waitForURL(/\/admin\/titles\/[0-9a-f-]{36}$/);
    });

    await test.step('it fills the title', async () => {
        await expectDone(page, 'upload', 'probe');
        await expectMade(page, 'From the folder of the recording.');
        await open(page, page.url());
        await expect(page.locator('#title')).toHaveValue('The Long Hum');
        await expect(page.locator('#authors')).toHaveValue('Ada Quill');
        await expect(page.locator('#year')).toHaveValue('1999');
        await expect(page.locator('#publisher')).toHaveValue('Tide Press');
    });

    await test.step('its product page names edition and chapters', async () => {
        await page.getByRole('link', { name: 'See it as a shopper' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Long Hum' })).toBeVisible();
        await expect(page.getByText('Tide Press', { exact: true })).toBeVisible();
        const chapters = page.getByRole('region', { name: 'Chapters' }).getByRole('listitem');
        // They come with the last step of production.
        await expect(async () => {
            await page.reload();
            await expect(chapters).toHaveText([/^Low/, /^High/], { timeout: 2_000 });
        }).toPass({ timeout: 150_000 });
    });
});

test('an author gets a portrait', async ({ page, folder }) => {
    const file = join(folder, 'face.png');
    writeFileSync(file, square(400, [200, 160, 120]));
    await logInAsAdmin(page);
    // One whom shoppers find: those of a draft are not in the shop yet.
    await open(page, `/books/${SLUG}`);
    const name = (await page.locator('main a[href^="/people/"]').first().textContent())?.trim() ?? '';
    await open(page, `/admin/contributors?q=${encodeURIComponent(name)}`);
    await page.locator('main').getByRole('link', { name, exact: true }).click();
    await page.waitForURL(/\/admin\/contributors\/[0-9a-f-]{36}$/);
    await settled(page);
    await expect(source(page)).toHaveText('There is no portrait yet.');
    await page.locator('#picture-file').setInputFiles(file);
    await page.getByTestId('picture-upload').click();
    await expectMade(page, 'Uploaded here.');
    await inspect(page, 'somebody with a portrait');

    await page.getByRole('link', { name: 'In the shop' }).click();
    await expect(page.getByRole('img', { name: `Portrait of ${name}` })).toBeVisible();
    await visit(page, 'the page of somebody with a portrait', new URL(page.url()).pathname);
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a cover is uploaded by a plain form and comes back with what was wrong', async ({ page, folder }) => {
        const [small, blue] = [join(folder, 'small.png'), join(folder, 'blue.png')];
        writeFileSync(small, square(60, [20, 40, 200]));
        writeFileSync(blue, square(700, [20, 40, 200]));
        await page.goto('/login');
        await page.getByLabel('Email address').fill('admin@example.com');
        await page.locator('#password').fill('a quiet desk by the window');
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.goto('/admin/titles');
        await page.getByRole('link', { name: TITLE, exact: true }).first().click();
        await page.locator('#picture-file').setInputFiles(small);
        await page.getByTestId('picture-upload').click();
        await expect(page.locator('#picture-file-error')).toContainText('too small');
        await page.locator('#picture-file').setInputFiles(blue);
        await page.getByTestId('picture-upload').click();
        await expect(page).toHaveURL(/picture-saved=1/);
        await expect(async () => {
            await page.reload();
            await expect(source(page)).toHaveText('Uploaded here.');
        }).toPass({ timeout: 60_000 });
        await page.getByTestId('picture-remove').click();
        await expect(source(page)).toHaveText('Drawn from title and authors.');
    });
});
