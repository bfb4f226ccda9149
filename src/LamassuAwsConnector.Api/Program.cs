using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Commands;
using LamassuAwsConnector.Api.Startup;

// What is not a switch is configuration: --key value.
string[] options = [.. args.Where(arg => arg is not (Help.Switch or CheckConfig.Switch or PrintIamPolicy.Switch))];
if (args.Contains(Help.Switch))
{
    Console.WriteLine(Help.Text);
    return 0;
}

if (args.Contains(CheckConfig.Switch))
{
    return await CheckConfig.RunAsync(options, Console.Out, Console.Error);
}

IdentityInquiry? identity = null;
try
{
    if (args.Contains(PrintIamPolicy.Switch))
    {
        return await PrintIamPolicy.RunAsync(options, Console.Out);
    }

    await using var app = ConnectorApplication.Build(options);
    identity = app.Services.GetRequiredService<IdentityInquiry>();
    await app.RunAsync();
    return identity.Refusal is null ? Environment.ExitCode : 1;
}
catch (Exception exception) when (StartFailure.IsOne(exception) || identity?.Refusal is not null)
{
    await StartFailure.WriteAsync(identity?.Refusal ?? exception, Console.Error);
    return 1;
}
