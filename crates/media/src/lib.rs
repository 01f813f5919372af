//! Media files: recognise, probe, plan and make proxies, stills, sprites and peaks in a sandbox.
