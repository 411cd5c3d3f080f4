import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, open, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';
import { speak, story } from './support/sound';
import { drop, expectDone, watchTitle } from './support/uploading';

const STEPS = ['upload', 'probe', 'prepare', 'transcribe', 'describe', 'done'];

const TITLE = 'The Lamp Above the Fog';

test.use({ wishes: { worker: true } });
test.describe.configure({ timeout: 420_000 });

test('an admin drops a spoken file, watches the steps finish, edits and publishes', async ({ page, folder }) => {
    const file = join(folder, 'a-spoken-story.wav');
    speak(story(1), file);

    await test.step('the file is dropped', async () => {
        await logInAsAdmin(page);
        await open(page, '/admin');
        await drop(page, [file]);
        await watchTitle(page);
    });

    await test.step('the steps finish', () => expectDone(page, ...STEPS));

    await test.step('what was heard is there', async () => {
        await expect(page.locator('#transcript')).toContainText(/lighthouse/i);
        await expect(page.getByTestId('proposal')).toContainText('Adventure');
        await expect(page.getByTestId('demonstration').first()).toContainText('of any other recording it makes nonsense');
    });

    await test.step('it is edited and published', async () => {
        // A fresh page: this one may still be reading what the last step wrote into the form.
        await open(page, page.url());
        const edit = page.locator('#edit');
        await edit.locator('#title').fill(TITLE);
        await edit.locator('#authors').fill('Ada Quill');
        await edit.locator('#price').fill('3.50');
        await edit.locator('#description').fill('A keeper, a bell and a ship in the fog.');
        await edit.getByLabel('First category').selectOption('adventure');
        await page.getByTestId('save-title').click();
        await expect(page.getByTestId('save-status')).toHaveText('Saved.');
        await page.getByTestId('publish').click();
        await expect(page.getByTestId('title-status')).toContainText('Published');
    });

    await test.step('it is in the shop', async () => {
        await open(page, '/browse?q=lamp+above');
        await page.locator('main').getByRole('link', { name: TITLE }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: TITLE })).toBeVisible();
        await expect(page.getByRole('button', { name: 'Add to cart' })).toBeVisible();
    });
});

test('a folder with the parts of a book becomes one title, in natural order', async ({ page, folder }) => {
    const book = join(folder, 'Three Short Walks');
    mkdirSync(join(book, 'disc 1'), { recursive: true });
    mkdirSync(join(book, 'disc 2'));
    speak('The captain heard the bell.', join(book, 'disc 1', '2 - The Bell.wav'));
    speak('The crew came with bread and tea.', join(book, 'disc 1', '10 - The Bread.wav'));
    speak('The ship was in the fog.', join(book, 'disc 2', '1 - The Fog.wav'));
    writeFileSync(join(book, 'folder.nfo'), 'words that nobody means to hear');
    const names = ['2 - The Bell.wav', '10 - The Bread.wav', '1 - The Fog.wav'];

    await test.step('the folder is dropped', async () => {
        await logInAsAdmin(page);
        await open(page, '/admin');
        await drop(page, [book]);
        await expect(page.getByTestId('upload-row').locator('p.font-semibold')).toHaveText(
            ['disc 1/2 - The Bell.wav', 'disc 1/10 - The Bread.wav', 'disc 2/1 - The Fog.wav'].map((path) => `Three Short Walks/${path}`),
        );
        await watchTitle(page);
    });

    await test.step('it is one title with its parts in order', async () => {
        await expect(page.getByRole('heading', { level: 1, name: 'Three Short Walks' })).toBeVisible();
        for (const [place, name] of names.entries()) await expect(page.getByTestId('file').nth(place)).toContainText(name);
        await expect(page.getByTestId('file')).toHaveCount(names.length);
        await expectDone(page, ...STEPS);
    });

    await test.step('the parts are its chapters', async () => {
        await open(page, page.url());
        await page.getByRole('link', { name: 'See it as a shopper' }).click();
        const chapters = page.getByRole('region', { name: 'Chapters' }).getByRole('listitem');
        await expect(chapters).toHaveText([/^The Bell/, /^The Bread/, /^The Fog/]);
    });
});
