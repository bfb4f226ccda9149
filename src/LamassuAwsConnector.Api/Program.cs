using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Commands;

// What is not a switch is configuration: --key value.
string[] options = [.. args.Where(arg => arg is not (Help.Switch or CheckConfig.Switch))];
if (args.Contains(Help.Switch))
{
    Console.WriteLine(Help.Text);
    return 0;
}

if (args.Contains(CheckConfig.Switch))
{
    return await CheckConfig.RunAsync(options, Console.Out, Console.Error);
}

try
{
    await using var app = ConnectorApplication.Build(options);
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.IsOne(exception))
{
    await StartFailure.WriteAsync(exception, Console.Error);
    return 1;
}
