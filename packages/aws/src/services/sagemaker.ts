export {
  DescribeDomainCommand,
  DescribeMlflowAppCommand,
  DescribeMlflowTrackingServerCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
  ListMlflowAppsCommand,
  ListMlflowTrackingServersCommand,
  ListTagsCommand,
  ListUserProfilesCommand,
  SageMakerClient,
  UpdateUserProfileCommand,
} from '@aws-sdk/client-sagemaker'
