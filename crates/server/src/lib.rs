//! HTTP, sign-in, live events, uploads, streaming, the worker loop and the embedded web app.
