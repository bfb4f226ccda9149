using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Security;
using static LamassuAwsConnector.Tests.Contracts.ApiStage;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>
/// Each operation of the document, well and badly asked, with and without AWS and Lamassu: every answer is one that the document promises, and every one that
/// it promises is given.
/// </summary>
public sealed class ConformanceTests(ConformanceTests.Unchanged unchanged) : IClassFixture<ConformanceTests.Unchanged>
{
    public static readonly TheoryData<string> OperationIds = [.. OperationTable.Rows.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_of_the_document_is_in_the_table()
    {
        var stage = await unchanged.StageAsync();

        Assert.Equal(stage.Document.Operations.Select(operation => operation.Id).Order(), OperationTable.Rows.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(OperationIds))]
    public async Task Every_answer_is_declared_and_every_declared_answer_is_given(string operationId)
    {
        var shared = await unchanged.StageAsync();
        var row = OperationTable.Rows[operationId];
        var changes = shared.Document.Operation(operationId).Method != HttpMethod.Get && (row.UsesLamassu || row.UsesAws);
        await using var own = changes ? await ApiStage.StartAsync() : null;
        var run = new Run(own ?? shared, operationId);

        await run.SucceedAsync();
        await run.OthersAsync();
        if (run.Operation.NeedsToken)
        {
            await run.RefusalsAsync();
            await run.BadParametersAsync();
        }

        if (run.Operation.HasBody)
        {
            await run.BadBodiesAsync();
        }

        await run.WithoutLamassuAsync();
        await run.WithoutAwsAsync();
        run.AssertNothingDeclaredInVain();
    }

    [Fact]
    public async Task Methods_that_are_not_there_are_a_405_that_names_those_that_are()
    {
        var stage = await unchanged.StageAsync();
        foreach (var path in stage.Document.Operations.GroupBy(operation => operation.Path))
        {
            // A fixed path can be taken for an id too.
            var asked = OperationTable.Rows[path.First().Id].Path.Split('?')[0];
            var there = stage.Document.Operations
                .Where(operation => Regex.IsMatch(asked, $"^{Regex.Replace(operation.Path, "{[^}]+}", "[^/]+")}$"))
                .Select(operation => operation.Method.Method).Distinct().ToArray();
            foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "OPTIONS" }.Except(there))
            {
                using var response = await stage.SendAsync(new HttpMethod(method), OperationTable.Rows[path.First().Id].Path);

                Assert.Equal((method, HttpStatusCode.MethodNotAllowed), (method, response.StatusCode));
                Assert.Equal(there.Order(), response.Content.Headers.Allow.Order());
                await AssertIsProblemAsync(stage, response);
            }
        }
    }

    [Fact]
    public async Task Odd_paths_are_problems_that_say_why()
    {
        var stage = await unchanged.StageAsync();
        (string Path, int Status)[] paths =
        [
            ("/v1/unknown", 404),
            ("/v1/devices/a%2Fb/shadow", 400),
            ("/v1/devices/%C3%B1%09/shadow", 400),
            ("/v1/devices/%FF/shadow", 400),
            ("/v1/devices/%F0%9F%98%80/shadow", 404),
            ("/v1/devices/%2e%2e/shadow", 404),
            ("/v1/devices/../../shadow", 404),
            ("/v1/devices//shadow", 404),
        ];
        foreach (var (path, status) in paths)
        {
            // As it is: the client would resolve the dots itself.
            var url = stage.Stage.Connector.BaseAddress!.GetLeftPart(UriPartial.Authority) + path;
            var uri = new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

            using var response = await stage.Stage.Connector.GetAsync(uri, Cancellation);

            Assert.Equal((path, status), (path, (int)response.StatusCode));
            await AssertIsProblemAsync(stage, response);
        }
    }

    [Fact]
    public async Task A_failure_is_a_problem_whatever_is_accepted()
    {
        var stage = await unchanged.StageAsync();
        foreach (var accept in new[] { "text/html", "application/xml;q=0.5", "nonsense" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/devices/unknown/shadow");
            request.Headers.TryAddWithoutValidation("Accept", accept);

            using var response = await stage.Stage.Connector.SendAsync(request, Cancellation);

            Assert.Equal((accept, HttpStatusCode.NotFound), (accept, response.StatusCode));
            await AssertIsProblemAsync(stage, response);
        }
    }

    internal static async Task AssertIsProblemAsync(ApiStage stage, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{response.StatusCode} {text}");
        Assert.Empty(await stage.Document.SchemaFaultsAsync(new JsonObject { ["$ref"] = "#/components/schemas/ProblemResponse" }, text));
    }

    /// <summary>The stage of all cases that change neither AWS nor Lamassu, made once. Each finds both there, whatever the one before it left.</summary>
    public sealed class Unchanged : IAsyncDisposable
    {
        private ApiStage? stage;

        public async ValueTask DisposeAsync()
        {
            if (stage is not null)
            {
                await stage.DisposeAsync();
            }
        }

        internal async Task<ApiStage> StageAsync()
        {
            stage ??= await ApiStage.StartAsync();
            stage.FailAws(null);
            stage.FailLamassu(null);
            return stage;
        }
    }

    private sealed class Run(ApiStage stage, string operationId)
    {
        private readonly OperationRow row = OperationTable.Rows[operationId];
        private readonly HashSet<string> seen = [];

        public ApiOperation Operation { get; } = stage.Document.Operation(operationId);

        public async Task SucceedAsync()
        {
            if (row.Body is not null)
            {
                Assert.Empty(await stage.Document.SchemaFaultsAsync(Operation.BodySchema!, row.Body.ToJsonString()));
            }

            foreach (var status in row.Statuses)
            {
                await AssertAsync("asked well", status);
            }
        }

        public async Task OthersAsync()
        {
            foreach (var (status, path, body) in row.Others)
            {
                await AssertAsync($"{path} {body?.ToJsonString()}", status, path, body is null ? null : Json(body.ToJsonString()));
            }
        }

        public async Task RefusalsAsync()
        {
            var issuer = stage.Stage.Stage.StandIns.Issuer;
            await AssertAsync("no token", 401, authorization: "");
            await AssertAsync("another scheme", 401, authorization: "Basic YTpi");
            await AssertAsync("another role", 403, authorization: $"Bearer {Tokens.Good(issuer, "other")}");
        }

        public async Task BadParametersAsync()
        {
            await AssertAsync("a query parameter that nobody knows", 400, $"{row.Path}{(row.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}dryrun=true");
            foreach (var name in Operation.ParametersIn("path"))
            {
                foreach (var id in new[] { "a%09b", "a%0Ab", "a%2Fb", "%FF", new string('a', 257), new string('a', 4000) })
                {
                    await AssertAsync($"id {id}", 400, Operation.Path.Replace($"{{{name}}}", id, StringComparison.Ordinal));
                }
            }

            foreach (var name in Operation.ParametersIn("query").Where(name => name == "page_size"))
            {
                foreach (var value in new[] { "", "x", "0", "-1", "101", "1.5", "99999999999999999999", "1&page_size=2", "%00", "null" })
                {
                    await AssertAsync($"{name}={value}", 400, $"{Operation.Path}?{name}={value}");
                }
            }
        }

        public async Task BadBodiesAsync()
        {
            var well = row.Body!.ToJsonString();
            await AssertAsync("no body", 400, content: new ByteArrayContent([]));
            await AssertAsync("no JSON", 400, content: Json("{"));
            await AssertAsync("no object", 400, content: Json("[]"));
            await AssertAsync("a member that nobody knows", 400, content: Json(well.Insert(1, "\"more\":1,")));
            await AssertAsync("a member twice", 400, content: Json(well.Insert(1, "\"connector_id\":\"a\",")));
            await AssertAsync("no UTF-8", 400, content: Bytes([.. "{\"connector_id\":\""u8, 0xFF, .. "\"}"u8]));
            await AssertAsync("half a surrogate pair", 400, content: Json("""{"connector_id":"\ud800"}"""));
            await AssertAsync("deeply nested", 400, content: Json(string.Concat(Enumerable.Repeat("{\"connector_id\":", 3000))));
            await AssertAsync("text", 415, content: new StringContent(well, Encoding.UTF8, "text/plain"));
            await AssertAsync("UTF-16", 415, content: new StringContent(well, Encoding.Unicode, "application/json"));
            await AssertAsync("too large", 413, content: Json(new string(' ', 70_000) + well));
            await AssertAsync("too large, without a length", 413, content: new StreamContent(new Unsized(Encoding.UTF8.GetBytes(new string(' ', 70_000) + well))));
            foreach (var member in stage.Document.Resolve(Operation.BodySchema!)["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [])
            {
                var body = row.Body!.DeepClone().AsObject();
                body[member] = null;
                await AssertAsync($"{member} is null", 400, content: Json(body.ToJsonString()), member: member);
                body.Remove(member);
                await AssertAsync($"{member} is missing", 400, content: Json(body.ToJsonString()), member: member);
                body[member] = new JsonObject();
                await AssertAsync($"{member} has another type", 400, content: Json(body.ToJsonString()), member: member);
            }
        }

        public async Task WithoutLamassuAsync()
        {
            if (!Operation.NeedsToken && row.UsesLamassu)
            {
                await AssertAsync("Lamassu away", 503, address: "ca_client:base_url");
            }
            else if (row.UsesLamassu)
            {
                stage.FailLamassu(new LamassuFault { Drop = true });
                await AssertAsync("Lamassu away", 503);
                stage.FailLamassu(new LamassuFault { Status = 403 });
                await AssertAsync("Lamassu denies", 502);
                stage.FailLamassu(null);
            }
        }

        public async Task WithoutAwsAsync()
        {
            if (!row.UsesAws)
            {
                return;
            }

            (FailureKind Kind, int Status)[] failures =
            [
                (FailureKind.Throttled, 503), (FailureKind.Unavailable, 503), (FailureKind.Denied, 502), (FailureKind.Invalid, 400), (FailureKind.Unexpected, 500),
                .. Operation.Method == HttpMethod.Get ? Array.Empty<(FailureKind, int)>() : [(FailureKind.Conflict, 409)],
            ];
            foreach (var (kind, status) in failures)
            {
                stage.FailAws(kind);
                await AssertAsync($"AWS: {kind}", status);
            }

            stage.FailAws(null);
            await AssertAsync("AWS away", 503, address: "aws_config:endpoint_url");
        }

        public void AssertNothingDeclaredInVain() => Assert.Empty(Operation.Statuses.Except(seen).Except(row.NotProvoked.Keys));

        private async Task AssertAsync(
            string what,
            int status,
            string? path = null,
            HttpContent? content = null,
            string? authorization = null,
            string? member = null,
            string? address = null)
        {
            using var response = await stage.SendAsync(
                Operation.Method, path ?? row.Path, content ?? (row.Body is null ? null : Json(row.Body.ToJsonString())), authorization, address);
            var text = await response.Content.ReadAsStringAsync(Cancellation);

            Assert.True((int)response.StatusCode == status, $"{operationId}, {what}: {response.StatusCode} {text}");
            var faults = await stage.Document.FaultsOfAsync(Operation, response);
            Assert.True(faults.Count == 0, $"{operationId}, {what}: {string.Join("; ", faults)}");
            Assert.True(member is null || JsonNode.Parse(text)!["errors"]![member] is not null, $"{operationId}, {what}: {text}");
            seen.Add($"{status}");
        }

        private static ByteArrayContent Bytes(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
