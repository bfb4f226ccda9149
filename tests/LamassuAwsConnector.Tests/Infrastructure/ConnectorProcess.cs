using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>The connector's own executable, configured by its environment. It does not outlive its disposal.</summary>
internal sealed class ConnectorProcess : IAsyncDisposable
{
    // Some seconds on an idle machine; several may start at once on a small one.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private const int LinesOfFailure = 40;

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly StreamWriter? log;

    private ConnectorProcess(Process process, int port, string token, string? log)
    {
        this.process = process;
        this.log = log is null ? null : new StreamWriter(log) { AutoFlush = true };
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>With the token of somebody who may do everything.</summary>
    public HttpClient Client { get; }

    public IReadOnlyCollection<string> Lines => lines;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="standIns">What it is to work with.</param>
    /// <param name="configuration">Over the one for the stand-ins; keys as in the YAML file, parts joined by ':'.</param>
    /// <param name="log">A file for its lines, which it keeps.</param>
    public static ConnectorProcess Start(StandIns standIns, IEnumerable<(string Key, string? Value)> configuration, string? log = null)
    {
        var port = FreePort.Take();
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ConnectorApplication).Assembly.Location, "--urls", $"http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in standIns.ConnectorConfiguration().Select(setting => (setting.Key, setting.Value)).Concat(configuration))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()] = value;
        }

        // Several of them share a small machine.
        start.Environment["DOTNET_gcServer"] = "0";
        return new ConnectorProcess(Process.Start(start)!, port, standIns.OperatorToken(), log);
    }

    /// <summary>It answers; its bus may still be away.</summary>
    public Task WhenUpAsync() => WhenAsync("/health/live");

    /// <summary>It is connected to the broker and takes messages.</summary>
    public Task WhenReadyAsync() => WhenAsync("/health/ready");

    /// <summary>As a machine that fails: it gets to do nothing more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>As an orchestrator ends it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
        if (log is not null)
        {
            await log.DisposeAsync();
        }
    }

    private Task WhenAsync(string path) => Patience.UntilAsync(
        async () =>
        {
            try
            {
                using var response = await Client.GetAsync(path, Cancellation);
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                Assert.False(process.HasExited, string.Join('\n', lines.TakeLast(LinesOfFailure)));
                return false;
            }
        },
        StartTimeout);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            log?.WriteLine(line);
        }
    }
}
