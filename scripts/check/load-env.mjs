// Preloaded by `npm start` and `npm run convoke`: settings of .env, where the environment does not say otherwise.
import { existsSync } from 'node:fs'

if (existsSync('.env')) process.loadEnvFile('.env')
