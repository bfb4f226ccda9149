using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Iam;
using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;

try
{
    if (args.Contains(IamPolicyCommand.Switch))
    {
        return await IamPolicyCommand.RunAsync(args, Console.Out);
    }

    await using var app = ConnectorApplication.Build(args);
    var identity = app.Services.GetRequiredService<IdentityInquiry>();
    await app.RunAsync();
    return identity.Refusal is null ? 0 : 1;
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
