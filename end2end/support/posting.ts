import { test as journey } from './journey';
import { Post } from './post';

/** Journeys through a shop that sends its mails by a real SMTP server. */
export const test = journey.extend<object, { post: Post }>({
    post: [
        async ({}, use) => {
            const post = await Post.open();
            await use(post);
            post.close();
        },
        { scope: 'worker' },
    ],
    wishes: [async ({ post }, use) => use({ settings: post.settings }), { scope: 'worker' }],
});
