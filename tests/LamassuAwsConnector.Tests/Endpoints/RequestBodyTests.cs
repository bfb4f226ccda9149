using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.Endpoints;

/// <summary>Bad input, on both routes that take a body: a clear answer, and nothing is called.</summary>
public sealed class RequestBodyTests
{
    private const string DeviceRoute = "/v1/devices/meter-1/register-aws";
    private const string CARoute = "/v1/cas/ca-1/register-aws";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeviceRoute, "", "$")]
    [InlineData(DeviceRoute, "null", "$")]
    [InlineData(DeviceRoute, "[]", "$")]
    [InlineData(DeviceRoute, "\"text\"", "$")]
    [InlineData(DeviceRoute, "{not json", "$")]
    [InlineData(DeviceRoute, "{}", "connector_id")]
    [InlineData(DeviceRoute, """{"connector_id":null}""", "connector_id")]
    [InlineData(DeviceRoute, """{"connector_id":""}""", "connector_id")]
    [InlineData(DeviceRoute, """{"connector_id":1}""", "connector_id")]
    [InlineData(DeviceRoute, """{"connector_id":"aws-iot-test","more":1}""", "more")]
    [InlineData(DeviceRoute, """{"connector_id":"a","connector_id":"b"}""", "connector_id")]
    [InlineData(CARoute, """{"connector_id":"aws-iot-test"}""", "primary_account")]
    [InlineData(CARoute, """{"connector_id":"aws-iot-test","primary_account":null}""", "primary_account")]
    [InlineData(CARoute, """{"connector_id":"aws-iot-test","primary_account":"true"}""", "primary_account")]
    [InlineData(CARoute, """{"connector_id":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}},"primary_account":true}""", "connector_id")]
    public async Task What_is_wrong_with_a_body_is_said_by_member(string route, string body, string member)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var problem = await AssertProblemAsync(await SendAsync(stage, route, body), HttpStatusCode.BadRequest, "invalid_request");

        var errors = problem["errors"]!.AsObject();
        Assert.True(errors.ContainsKey(member), errors.ToJsonString());
        Assert.All(errors, error => Assert.DoesNotContain("System.", error.Value!.ToJsonString(), StringComparison.Ordinal));
        Assert.Empty(stage.LamassuCalls());
    }

    [Theory]
    [InlineData("""{"connector_id":""", "is not valid JSON (line 1, byte ")]
    [InlineData("""{"connector_id":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}},"primary_account":true}""", "has the wrong type")]
    public async Task A_body_that_is_cut_off_is_told_from_one_of_the_wrong_shape(string body, string reason)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var problem = await AssertProblemAsync(await SendAsync(stage, CARoute, body), HttpStatusCode.BadRequest, "invalid_request");

        Assert.StartsWith(reason, problem["errors"]!["connector_id"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var problem = await AssertProblemAsync(await SendAsync(stage, CARoute, "{}"), HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(["connector_id", "primary_account"], problem["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_a_413()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        var body = new JsonObject { ["connector_id"] = new string('a', 70_000) }.ToJsonString();

        await AssertProblemAsync(await SendAsync(stage, DeviceRoute, body), HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Another_connectors_id_is_a_404_that_names_both()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var problem = await AssertProblemAsync(await SendAsync(stage, DeviceRoute, """{"connector_id":"another"}"""), HttpStatusCode.NotFound, "connector_not_found");

        Assert.Contains("another", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(TestStage.ConnectorId, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeviceRoute, """{"connector_id":"aws-iot-test"}""")]
    [InlineData(CARoute, """{"connector_id":"aws-iot-test","primary_account":true}""")]
    public async Task An_object_that_Lamassu_does_not_know_is_a_404(string route, string body)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        await AssertProblemAsync(await SendAsync(stage, route, body), HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(DeviceRoute, """{"connector_id":"aws-iot-test"}""")]
    [InlineData(CARoute, """{"connector_id":"aws-iot-test","primary_account":true}""")]
    public async Task Lamassu_that_is_away_is_a_503_with_Retry_After(string route, string body)
    {
        const string Nowhere = "http://127.0.0.1:1";
        await using var stage = await TestStage.StartAsync(
            Door.Http, ("ca_client:base_url", Nowhere), ("device_manager_client:base_url", Nowhere), ("dms_manager_client:base_url", Nowhere));

        using var response = await SendAsync(stage, route, body);

        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        var problem = await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "lamassu_unreachable");
        Assert.Equal("lamassu", problem["source"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_content_type_that_curl_sends_is_taken()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        using var content = new StringContent("""{"connector_id":"another"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

        using var response = await stage.Connector.PostAsync(DeviceRoute, content, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", DeviceRoute, HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/unknown", HttpStatusCode.NotFound)]
    public async Task A_route_or_method_that_is_not_there_is_a_problem_too(string method, string path, HttpStatusCode status)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        using var response = await stage.Connector.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(status, response.StatusCode);
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.NotNull(problem["err"]);
        Assert.NotNull(problem["code"]);
    }

    private static Task<HttpResponseMessage> SendAsync(TestStage stage, string route, string body) =>
        stage.Connector.PostAsync(route, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
}
