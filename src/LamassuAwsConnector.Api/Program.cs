using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Iam;
using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;

IdentityInquiry? identity = null;
try
{
    if (args.Contains(IamPolicyCommand.Switch))
    {
        return await IamPolicyCommand.RunAsync(args, Console.Out);
    }

    await using var app = ConnectorApplication.Build(args);
    identity = app.Services.GetRequiredService<IdentityInquiry>();
    await app.RunAsync();
    return identity.Refusal is null ? 0 : 1;
}
catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException or ConnectorException || identity?.Refusal is not null)
{
    // What is wrong with the configuration, all of it, or with the account, and no stack trace.
    await Console.Error.WriteLineAsync("The connector does not start:");
    var reasons = (exception as OptionsValidationException)?.Failures ?? [(identity?.Refusal ?? exception).Message];
    foreach (var reason in reasons)
    {
        await Console.Error.WriteLineAsync($"- {reason}");
    }

    return 1;
}
