using LamassuAwsConnector.Sandbox;
using Spectre.Console;
using Spectre.Console.Cli;

if (Console.IsOutputRedirected)
{
    // Nobody's window: lines are broken where they are read.
    AnsiConsole.Console.Profile.Width = 200;
}

using var stop = new StopSignals();
var app = new CommandApp<SandboxCommand>();
app.Configure(configuration => configuration
    .SetApplicationName("sandbox")
    .ValidateExamples()
    .AddExample("--once")
    .AddExample("--events", "tests/TestData/recordings", "--once")
    .AddExample("--devices", "500", "--limits", "aws")
    .AddExample("--once", "--amqp", "amqp://guest:guest@localhost:5672")
    .AddExample("--stand-ins-only", "--credentials", "my-key:my-secret"));
return await app.RunAsync(args, stop.Token);
