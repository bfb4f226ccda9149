using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>What the process writes to its standard output, read as a log collector reads it.</summary>
public sealed class LogLinesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_of_a_run_is_an_object_with_the_documented_members()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await using var process = await ConnectorProcess.StartAsync(scenario.Stage, "info");

        var registered = await process.PostAsync($"/v1/devices/{Device}/register-aws");
        var refused = await process.PostAsync("/v1/devices/nobody/register-aws");
        var lines = await process.StopAsync();

        Assert.True(registered.IsSuccessStatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
        Assert.All(lines, line =>
        {
            Assert.Equal(("aws-iot-connector", TestStage.ConnectorId), (Text(line, "service"), Text(line, "connector_id")));
            Assert.True(DateTimeOffset.TryParse(Text(line, "time"), out _));
            Assert.Contains(Text(line, "level"), new[] { "info", "warning" });
            Assert.NotEmpty(Text(line, "message")!);
        });
        var line = Assert.Single(lines, line => Text(line, "action") == "register_thing");
        Assert.Equal(("info", Device), (Text(line, "level"), Text(line, "device_id")));
        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:thing/{Device}", Text(line, "thing_arn"));
        Assert.Equal(scenario.Stage.CurrentSerial(Device), Text(line, "serial_number"));
        Assert.Equal(32, Text(line, "trace_id")!.Length);
        var problem = await refused.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Contains(lines, line => Text(line, "trace_id") == Text(problem!, "traceId") && Text(line, "level") == "warning");
    }

    [Fact]
    public async Task None_is_silent()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await using var process = await ConnectorProcess.StartAsync(stage, "none");

        await process.PostAsync("/v1/devices/nobody/register-aws");

        Assert.Empty(await process.StopAsync());
    }

    [Fact]
    public async Task Trace_says_more_and_still_no_secret()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await using var process = await ConnectorProcess.StartAsync(scenario.Stage, "trace");

        await process.PostAsync($"/v1/devices/{Device}/register-aws");
        var lines = await process.StopAsync();

        Assert.Contains(lines, line => Text(line, "level") == "debug");
        Assert.All(lines, line =>
        {
            var text = line.ToJsonString();
            Assert.DoesNotContain("BEGIN CERTIFICATE", text, StringComparison.Ordinal);
            Assert.DoesNotContain("AWS4-HMAC-SHA256", text, StringComparison.Ordinal);
            Assert.DoesNotContain("iot:Connect", text, StringComparison.Ordinal);
        });
    }

    private static string? Text(JsonObject line, string member) => line[member]?.GetValue<string>();

    /// <summary>The connector's own executable against a stage's stand-ins, configured by its environment.</summary>
    private sealed class ConnectorProcess : IAsyncDisposable
    {
        private readonly Process process;
        private readonly HttpClient client;
        private readonly ConcurrentQueue<string> lines = new();

        private ConnectorProcess(Process process, int port, string token)
        {
            this.process = process;
            client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is not null)
                {
                    lines.Enqueue(line.Data);
                }
            };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public static async Task<ConnectorProcess> StartAsync(TestStage stage, string level)
        {
            var port = FreePort();
            var start = new ProcessStartInfo("dotnet", [typeof(ConnectorApplication).Assembly.Location, "--urls", $"http://127.0.0.1:{port}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (key, value) in stage.Stage.StandIns.ConnectorConfiguration())
            {
                start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
            }

            start.Environment["LOGS__LEVEL"] = level;
            var started = new ConnectorProcess(Process.Start(start)!, port, stage.Stage.StandIns.OperatorToken());
            await Patience.UntilAsync(started.IsUpAsync);
            return started;
        }

        public Task<HttpResponseMessage> PostAsync(string path) =>
            client.PostAsJsonAsync(path, new JsonObject { ["connector_id"] = TestStage.ConnectorId }, Cancellation);

        /// <summary>Ends it as an orchestrator would.</summary>
        /// <returns>All that it wrote.</returns>
        public async Task<IReadOnlyList<JsonObject>> StopAsync()
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Cancellation);
            return [.. lines.Select(Parse)];
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }

            process.Dispose();
        }

        private async Task<bool> IsUpAsync()
        {
            try
            {
                return (await client.GetAsync("/health/live", Cancellation)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                Assert.False(process.HasExited, string.Join('\n', lines));
                return false;
            }
        }

        private static JsonObject Parse(string line)
        {
            try
            {
                return JsonNode.Parse(line)!.AsObject();
            }
            catch (JsonException)
            {
                throw new InvalidOperationException($"No JSON: {line}");
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
