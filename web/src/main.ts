import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/layout.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { startRouter } from './lib/router';

startRouter();
mount(App, { target: document.getElementById('app')! });
