using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Broker;
using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitMqNode))]

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>A private RabbitMQ on loopback, with a folder and ports of its own, started when the first test asks for it and ended by its process.</summary>
public sealed class RabbitMqNode : IAsyncDisposable
{
    // The node, its database and its plugins take some seconds on a small machine, and minutes on one that is overloaded.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rabbitmq").FullName;
    private Process? process;
    private int epmdPort;

    public int Port { get; } = FreePort.Take();

    public const string NotInstalled = "rabbitmq-server is not installed on this machine (Debian: apt-get install rabbitmq-server).";

    public static bool IsInstalled => Find("rabbitmq-server") is not null;

    /// <summary>Lines of <c>rabbitmq.conf</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Those that are on; all of them come with the broker.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    private string Name => $"test{Port}@localhost";

    /// <summary>Skips the test, with the reason, on a machine without RabbitMQ.</summary>
    public async Task<ConnectionFactory> ConnectionAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(IsInstalled, NotInstalled);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (process is null)
            {
                await StartAsync(cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }

        return new ConnectionFactory { HostName = "127.0.0.1", Port = Port };
    }

    /// <summary>As if the machine had lost its power. The next <see cref="ConnectionAsync"/> starts it again, with what was in its queues.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (epmdPort != 0)
        {
            // Erlang's port mapper runs on as a daemon; this one is ours alone.
            using var epmd = Process.Start(new ProcessStartInfo("epmd", ["-port", $"{epmdPort}", "-kill"]) { RedirectStandardOutput = true });
            await epmd!.WaitForExitAsync();
        }

        Directory.Delete(folder, recursive: true);
        gate.Dispose();
    }

    /// <summary>Each queue with its messages, those that a consumer has and has not acknowledged among them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> QueuesAsync(CancellationToken cancellationToken)
    {
        var lines = (await ControlAsync(cancellationToken, "list_queues", "--no-table-headers", "name", "messages")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(line => line.Split('\t')).ToDictionary(line => line[0], line => int.Parse(line[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A virtual host with a user who has these rights in it and none elsewhere. Without a password he comes with a certificate.</summary>
    public async Task AddVirtualHostAsync(
        string name, string user, string? password, (string Configure, string Write, string Read) rights, CancellationToken cancellationToken)
    {
        var definitions = new JsonObject
        {
            ["vhosts"] = new JsonArray(new JsonObject { ["name"] = name }),
            ["users"] = new JsonArray(password is null
                ? new JsonObject { ["name"] = user, ["password_hash"] = "", ["tags"] = "" }
                : new JsonObject { ["name"] = user, ["password"] = password, ["tags"] = "" }),
            ["permissions"] = new JsonArray(new JsonObject
            {
                ["user"] = user,
                ["vhost"] = name,
                ["configure"] = rights.Configure,
                ["write"] = rights.Write,
                ["read"] = rights.Read,
            }),
        };
        var file = Path.Combine(folder, "definitions.json");
        await File.WriteAllTextAsync(file, definitions.ToJsonString(), cancellationToken);
        await ControlAsync(cancellationToken, "import_definitions", file);
    }

    private async Task<string> ControlAsync(CancellationToken cancellationToken, params string[] command)
    {
        var start = new ProcessStartInfo(Find("rabbitmqctl")!, ["--quiet", "--node", Name, .. command])
        {
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = folder, ["ERL_EPMD_PORT"] = $"{epmdPort}" },
        };
        using var control = Process.Start(start)!;
        var output = await control.StandardOutput.ReadToEndAsync(cancellationToken);
        await control.WaitForExitAsync(cancellationToken);
        Assert.True(control.ExitCode == 0, output);
        return output;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        epmdPort = epmdPort == 0 ? FreePort.Take() : epmdPort;
        var configuration = Path.Combine(folder, "rabbitmq.conf");
        var plugins = Path.Combine(folder, "plugins");
        await File.WriteAllLinesAsync(configuration, Settings, cancellationToken);
        await File.WriteAllTextAsync(plugins, $"[{string.Join(',', Plugins)}].\n", cancellationToken);
        var start = new ProcessStartInfo(Find("rabbitmq-server")!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = folder,
                ["RABBITMQ_NODENAME"] = Name,
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODE_PORT"] = $"{Port}",
                ["RABBITMQ_DIST_PORT"] = $"{FreePort.Take()}",
                ["ERL_EPMD_PORT"] = $"{epmdPort}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
                ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_CONFIG_FILE"] = configuration,
                
                // Quorum queues count their messages for list_queues once in this time; five seconds if nothing is said.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -rabbit quorum_tick_interval 500",
            },
        };
        process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await WhenReadyAsync(cancellationToken);
    }

    private async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartTimeout);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await look.WaitForNextTickAsync(patience.Token))
        {
            try
            {
                await using var connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = Port }.CreateConnectionAsync(patience.Token);
                return;
            }
            catch (RabbitMQ.Client.Exceptions.BrokerUnreachableException)
            {
                Assert.False(process!.HasExited, "rabbitmq-server ended while it was starting.");
            }
        }
    }

    // Debian's program on the path changes to a user who may not write to our folder; the one behind it does not.
    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend("/usr/lib/rabbitmq/bin")
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
