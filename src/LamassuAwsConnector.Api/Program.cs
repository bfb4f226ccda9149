using LamassuAwsConnector.Api;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;

try
{
    await using var app = ConnectorApplication.Build(args);
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException or ConnectorException)
{
    // What is wrong with the configuration, all of it, and no stack trace.
    await Console.Error.WriteLineAsync("The connector does not start:");
    var reasons = (exception as OptionsValidationException)?.Failures ?? [exception.Message];
    foreach (var reason in reasons)
    {
        await Console.Error.WriteLineAsync($"- {reason}");
    }

    return 1;
}
