using LamassuAwsConnector.Sandbox;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LamassuAwsConnector.Tests.Sandbox;

/// <summary>The sandbox's command line in this process.</summary>
internal static class SandboxCommandLine
{
    /// <returns>The status that it ends with, and what it printed.</returns>
    public static async Task<(int Status, string Output)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 400;
        var app = new CommandApp<SandboxCommand>();
        app.Configure(configuration => configuration.ConfigureConsole(console));
        var status = await app.RunAsync(arguments, TestContext.Current.CancellationToken);
        return (status, output.ToString());
    }
}
