// Puts Swagger UI in the place of the plain list of operations, where the build brought it along.
const plain = document.getElementById('plain');
const room = document.getElementById('try');
// What answers with tokens: the next requests are sent with them.
const LOG_INS = /\/api\/v1\/auth\/(register|login|google-login|refresh)$/;

// An address such as /api/v1/docs#login is one of the plain page.
const asked = location.hash.length > 1 && !location.hash.startsWith('#/') && plain.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);

// Swagger UI has its dark colours behind a class.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);

if (window.SwaggerUIBundle && !asked) {
    follow();
    dark.addEventListener('change', follow);
    // Before it is filled: it measures where it is.
    plain.hidden = true;
    room.hidden = false;
    const ui = SwaggerUIBundle({
        url: '/api/v1/openapi.json',
        domNode: room,
        deepLinking: true,
        displayOperationId: true,
        displayRequestDuration: true,
        // The groups, each to be opened: all operations at once are more than anybody looks through.
        docExpansion: 'none',
        defaultModelsExpandDepth: 0,
        filter: true,
        tryItOutEnabled: true,
        // The checker of Swagger's own host is not asked.
        validatorUrl: null,
        syntaxHighlight: { activated: false },
        responseInterceptor: (answer) => {
            const token = answer.ok && LOG_INS.test(new URL(answer.url).pathname) && answer.body?.access_token;
            if (token) ui.preauthorizeApiKey('access_token', token);
            return answer;
        },
    });
}
