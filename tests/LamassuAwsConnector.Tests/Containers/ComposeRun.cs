using System.Diagnostics;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>
/// The compose file without an engine: the programs of the images that are built here, with their environment, command and health checks. Names of services
/// are loopback, ports are free ones.
/// </summary>
internal sealed class ComposeRun : IAsyncDisposable
{
    // Longer than a program takes to start on a machine with much else to do.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly ComposeFile compose = ComposeFile.Read();
    private readonly Dictionary<string, int> ports = [];
    private readonly Dictionary<string, ContainerProcess> running = [];

    /// <param name="given">Ports that something listens on already, by those of the compose file.</param>
    public ComposeRun(params (string InCompose, int Here)[] given)
    {
        foreach (var (inCompose, here) in given)
        {
            ports[inCompose] = here;
        }

        foreach (var port in compose.Services.Values.SelectMany(service => service.Dockerfile?.Exposed ?? []).Append("18889").Where(port => !ports.ContainsKey(port)))
        {
            ports[port] = FreePort.Take();
        }
    }

    public Uri UrlOf(string port) => new($"http://127.0.0.1:{ports[port]}");

    public string OutputOf(string service) => running[service].Output;

    /// <summary>Starts a service, once those that it waits for are well.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        var service = compose.Services[name];
        foreach (var other in service.DependsOn.Keys.Where(running.ContainsKey))
        {
            await WhenWellAsync(other, cancellationToken);
        }

        var image = service.Dockerfile!;
        var environment = image.Environment.Concat(service.Environment).Select(pair => KeyValuePair.Create(pair.Key, Here(pair.Value)));
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, image.Entrypoint[1]), .. service.Command.Select(Here), .. PortArguments(name)];
        running[name] = ContainerProcess.Start(service.User!, command, environment);
    }

    /// <summary>Asks as Docker would, more often.</summary>
    public async Task WhenWellAsync(string name, CancellationToken cancellationToken)
    {
        var test = compose.Services[name].HealthTest.Select(Here).ToList();
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var asked = Process.Start(new ProcessStartInfo(test[0], test.Skip(1)) { RedirectStandardError = true })!;
            await asked.WaitForExitAsync(cancellationToken);
            if (asked.ExitCode == 0)
            {
                return;
            }

            Assert.False(running[name].HasExited, running[name].Output);
            Assert.True(Stopwatch.GetElapsedTime(start) < Budget, $"{name} is not well: {running[name].Output}");
            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    public Task<int> StopAsync(string name, CancellationToken cancellationToken) => running[name].StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
        {
            await process.DisposeAsync();
        }
    }

    // The stand-ins' ports are fixed within the container.
    private IEnumerable<string> PortArguments(string name)
    {
        return name == "stand-ins"
            ? ["--aws-port", Here("4566"), "--ca-port", Here("18085"), "--device-manager-port", Here("18086"), "--dms-manager-port", Here("18087"), "--issuer-port", Here("18088")]
            : [];
    }

    private string Here(string text)
    {
        var hosts = string.Join('|', compose.Services.Keys.Select(Regex.Escape));
        text = Regex.Replace(text, $@"(?<![\w-])({hosts})(?=:[0-9]|$)", "127.0.0.1");
        return Regex.Replace(text, "(?<![0-9])[0-9]{4,5}(?![0-9])", match => ports.TryGetValue(match.Value, out var here) ? $"{here}" : match.Value);
    }
}
