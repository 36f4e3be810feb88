// Named one by one, so that a bundle keeps only these (here and in the files beside this one).
export { fromEnv, fromNodeProviderChain } from '@aws-sdk/credential-providers'
