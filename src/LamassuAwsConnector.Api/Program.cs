using LamassuAwsConnector.Api;

await using var app = ConnectorApplication.Build(args);
await app.RunAsync();
